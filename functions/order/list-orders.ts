import * as v from 'valibot';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';

const querySchema = v.object({
  userId: integerText(1, Number.MAX_SAFE_INTEGER),
  limit: v.optional(integerText(1, 100), '20'),
  cursor: v.exactOptional(
    v.pipe(
      v.string(),
      v.transform((cursor) => Number(Buffer.from(cursor, 'base64url').toString('utf8'))),
      v.number('must be a cursor that this API gave'),
      v.integer('must be a cursor that this API gave'),
    ),
  ),
});

/** A page of a user's orders, newest first; the cursor is the last order seen, so pages hold still while orders come in. */
export function listOrders({ store }: { readonly store: Pick<OrderStore, 'listByUser'> }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { userId, limit, cursor } = readQuery(request, querySchema);
    const found = await store.listByUser(userId, cursor, limit + 1);
    const orders = found.slice(0, limit);
    const last = found.length > limit ? orders.at(-1) : undefined;
    const nextCursor = last && Buffer.from(String(last.orderId)).toString('base64url');
    return { status: 200, body: { orders, ...(nextCursor && { nextCursor }) } };
  };
}

export const handler = httpFunction(listOrders({ store: createOrderStore(connectDatabase()) }));
