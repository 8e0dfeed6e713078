import * as v from 'valibot';
import { identifierText } from '../../lib/edge.ts';
import { type Caller, limitedTo, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { forbidden } from '../../lib/http/problem.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { cursorText, toCursor, toPage } from '../../lib/page.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';
import { orderStatuses } from './order.ts';

export const querySchema = v.object({
  userId: v.exactOptional(identifierText),
  status: v.exactOptional(v.picklist(orderStatuses, `must be one of ${orderStatuses.join(', ')}`)),
  limit: v.optional(integerText(1, 100), '20'),
  cursor: v.exactOptional(cursorText(identifierText)),
});

/**
 * A page of one user's orders, or for operators of everyone's, newest first; the cursor is the last order
 * seen, so pages stay stable while orders arrive.
 */
export function listOrders({ store }: { readonly store: Pick<OrderStore, 'list'> }) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const { userId = limitedTo(caller), status, limit, cursor } = readQuery(request, querySchema);
    if (userId !== undefined && !mayActFor(caller, userId)) {
      throw forbidden('Customers list their own orders only.');
    }
    const found = await store.list({ userId, status, before: cursor, limit: limit + 1 });
    const { rows: orders, next } = toPage(found, limit, ({ orderId }) => toCursor(orderId));
    return { status: 200, body: { orders, ...next } };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:read'] },
  listOrders({ store: createOrderStore(connectDatabase()) }),
);
