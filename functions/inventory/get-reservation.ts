import { identifierIn } from '../../lib/edge.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { notFound } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';

/** Shows what inventory decided for an order, and when; 404 when it does not know the order. */
export function getReservation({ store }: { readonly store: Pick<InventoryStore, 'findReservation'> }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const orderId = identifierIn(request.pathParameters?.['orderId']);
    const reservation = orderId === undefined ? undefined : await store.findReservation(orderId);
    if (!reservation) throw notFound('Inventory does not know this order.');
    return { status: 200, body: reservation };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  getReservation({ store: createInventoryStore(connectDatabase()) }),
);
