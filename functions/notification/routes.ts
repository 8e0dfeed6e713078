import * as v from 'valibot';
import type { Routes } from '../../contracts/route.ts';
import { pageOf, userIdParameter } from '../../contracts/shared.ts';
import { identifierSchema, momentSchema } from '../../lib/contracts/order-item.ts';
import { contactsSchema, type contactsView } from './contacts.ts';
import { querySchema } from './list-notifications.ts';
import { languages } from './notice.ts';
import type { Notification } from './notification-store.ts';

/** A message as the API shows it; `sentAt` once it has been sent. */
type NotificationView = Omit<Notification, 'deliveryId' | 'sentAt'> & { readonly sentAt?: string };

const notificationSchema: v.GenericSchema<unknown, NotificationView> = v.pipe(
  v.object({
    orderId: identifierSchema,
    kind: v.picklist(['reserved', 'rejected', 'released']),
    channel: v.picklist(['email', 'sms', 'push', 'webhook']),
    status: v.picklist(['PENDING', 'SENT', 'SKIPPED', 'FAILED']),
    sentAt: v.exactOptional(momentSchema),
  }),
  v.title('Notification'),
);

const contactEntries = {
  userId: identifierSchema,
  email: v.exactOptional(v.string()),
  phone: v.exactOptional(v.string()),
  push: v.exactOptional(
    v.object({ endpoint: v.string(), keys: v.object({ p256dh: v.string(), auth: v.string() }) }),
  ),
  webhook: v.exactOptional(v.string()),
  language: v.picklist(languages),
};

const shownContactsSchema: v.GenericSchema<unknown, ReturnType<typeof contactsView>> = v.pipe(
  v.object(contactEntries),
  v.title('Contacts'),
);

/** What `PUT` answers: the secret only if the webhook is new or was changed. */
const storedContactsSchema = v.pipe(
  v.object({ ...contactEntries, webhookSecret: v.exactOptional(v.string()) }),
  v.title('StoredContacts'),
);

const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const contacts = { email: 'user42@example.com', language: 'en' };
const path = { userId: userIdParameter };

/** The notification service's routes, as the OpenAPI document describes them. */
export const notificationRoutes: Routes = {
  listNotifications: {
    summary:
      'List the messages about an order, or to a user: exactly one of orderId and userId, oldest first',
    query: querySchema,
    answers: {
      200: {
        description: 'A page of messages.',
        schema: pageOf('notifications', notificationSchema),
        example: {
          notifications: [
            {
              orderId: 1,
              kind: 'reserved',
              channel: 'email',
              status: 'SENT',
              sentAt: '2026-11-28T09:00:00.300Z',
            },
          ],
        },
      },
    },
    problems: ['not-found'],
  },
  getContacts: {
    summary: 'Show how a customer is notified',
    path,
    answers: {
      200: {
        description: 'The contacts.',
        schema: shownContactsSchema,
        example: { userId: 42, ...contacts },
      },
    },
    problems: ['not-found'],
  },
  putContacts: {
    summary: 'Set how a customer is notified; a contact that is not named is removed',
    path,
    body: { schema: contactsSchema(false), example: contacts },
    answers: {
      200: {
        description: 'The contacts, with the secret of a webhook that is new or was changed.',
        schema: storedContactsSchema,
        example: { userId: 42, webhook: 'https://shop.example/hook', language: 'en', webhookSecret },
      },
    },
    problems: ['not-found'],
  },
  deleteContacts: {
    summary: 'Remove all contacts of a customer',
    path,
    answers: { 204: { description: 'There are none now, whether or not there were any.' } },
    problems: ['not-found'],
  },
  renewWebhookSecret: {
    summary:
      "Replace the secret that signs a customer's webhook; the old one signs alongside it for 24 hours",
    path,
    answers: {
      200: {
        description: 'The new secret, shown only once.',
        schema: v.pipe(v.object({ webhookSecret: v.string() }), v.title('WebhookSecret')),
        example: { webhookSecret },
      },
    },
    problems: ['not-found'],
  },
};
