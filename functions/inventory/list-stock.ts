import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';
import { stockView } from './stock-view.ts';

/** Shows the stock of every SKU. */
export function listStock({ store }: { readonly store: Pick<InventoryStore, 'listStock'> }) {
  return async (): Promise<Answer> => ({
    status: 200,
    body: { stock: (await store.listStock()).map(stockView) },
  });
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  listStock({ store: createInventoryStore(connectDatabase()) }),
);
