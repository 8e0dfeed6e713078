import * as v from 'valibot';
import { identifierText } from '../../lib/edge.ts';
import { type Caller, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { check, type HttpRequest, readBody } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type ContactStore, createContactStore } from './contact-store.ts';
import { contactsSchema, contactsView, noContacts } from './contacts.ts';
import { loopbackAllowed } from './loopback-allowed.ts';
import { newWebhookSecret } from './webhook-secret.ts';

const pathSchema = v.object({ userId: identifierText });

interface Dependencies {
  readonly store: Pick<ContactStore, 'put'>;
  /** Whether webhooks and push services may be `http` on this machine. */
  readonly allowLoopback: boolean;
  readonly newSecret: () => string;
}

/**
 * Sets how a user is notified of orders; what the body does not name is removed. A new webhook gets a secret,
 * which is shown only once.
 */
export function putContacts({ store, allowLoopback, newSecret }: Dependencies) {
  const bodySchema = contactsSchema(allowLoopback);
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const { userId } = check(request.pathParameters, pathSchema, '');
    if (!mayActFor(caller, userId)) throw noContacts();
    const contacts = readBody(request, bodySchema);
    const webhookSecret = newSecret();
    const isTaken = await store.put(userId, contacts, webhookSecret);
    return { status: 200, body: { ...contactsView(userId, contacts), ...(isTaken && { webhookSecret }) } };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:write'] },
  putContacts({
    store: createContactStore(connectDatabase()),
    allowLoopback: loopbackAllowed(),
    newSecret: newWebhookSecret,
  }),
);
