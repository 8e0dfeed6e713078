import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { noSuchOrder, orderIdOf } from './order-id.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';

/** Shows one order as it stands now. */
export function getOrder({ store }: { readonly store: Pick<OrderStore, 'find'> }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const order = await store.find(orderIdOf(request));
    if (!order) throw noSuchOrder();
    return { status: 200, body: order };
  };
}

export const handler = httpFunction(getOrder({ store: createOrderStore(connectDatabase()) }));
