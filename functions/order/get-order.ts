import { type Caller, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { noSuchOrder, orderIdOf } from './order-id.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';

/** Shows the current state of one order. */
export function getOrder({ store }: { readonly store: Pick<OrderStore, 'find'> }) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const order = await store.find(orderIdOf(request));
    if (!order || !mayActFor(caller, order.userId)) throw noSuchOrder();
    return { status: 200, body: order };
  };
}

export const handler = httpFunction(
  { scopes: ['customer', 'operator:read'] },
  getOrder({ store: createOrderStore(connectDatabase()) }),
);
