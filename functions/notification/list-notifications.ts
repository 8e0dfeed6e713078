import * as v from 'valibot';
import { identifierText } from '../../lib/edge.ts';
import { type Caller, limitedTo, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { invalidFields, notFound } from '../../lib/http/problem.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { cursorText, toCursor, toPage } from '../../lib/page.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createNotificationStore, type Notification, type NotificationStore } from './notification-store.ts';

export const querySchema = v.object({
  orderId: v.exactOptional(identifierText),
  userId: v.exactOptional(identifierText),
  limit: v.optional(integerText(1, 1_000), '1000'),
  cursor: v.exactOptional(cursorText(identifierText)),
});

interface Dependencies {
  readonly store: Pick<NotificationStore, 'listByOrder' | 'listByUser'>;
}

/** The messages of one order, or a page of those to one user; oldest first. */
export function listNotifications({ store }: Dependencies) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const { orderId, userId, ...page } = readQuery(request, querySchema);
    if (orderId !== undefined && userId === undefined) {
      return answer(await store.listByOrder(orderId, limitedTo(caller)));
    }
    if (userId === undefined || orderId !== undefined) throw nameOne();
    if (!mayActFor(caller, userId)) throw notFound('There are no such notifications.');
    return pageOfUser(store, userId, page);
  };
}

async function pageOfUser(
  store: Dependencies['store'],
  userId: number,
  { limit, cursor = 0 }: { readonly limit: number; readonly cursor?: number },
): Promise<Answer> {
  const found = await store.listByUser(userId, cursor, limit + 1);
  const { rows, next } = toPage(found, limit, ({ deliveryId }) => toCursor(deliveryId));
  return answer(rows, next);
}

function nameOne() {
  const detail = 'name either orderId or userId';
  return invalidFields([
    { pointer: 'orderId', detail },
    { pointer: 'userId', detail },
  ]);
}

function view({ orderId, kind, channel, status, sentAt }: Notification) {
  return { orderId, kind, channel, status, ...(sentAt && { sentAt }) };
}

function answer(notifications: readonly Notification[], next = {}): Answer {
  return { status: 200, body: { notifications: notifications.map(view), ...next } };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:read'] },
  listNotifications({ store: createNotificationStore(connectDatabase()) }),
);
