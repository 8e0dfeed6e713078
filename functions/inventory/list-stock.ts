import * as v from 'valibot';
import { skuSchema } from '../../lib/contracts/order-item.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { type HttpRequest, integerText, readQuery } from '../../lib/http/request.ts';
import { cursorText, toCursor, toPage } from '../../lib/page.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';
import { stockView } from './stock-view.ts';

export const querySchema = v.object({
  limit: v.optional(integerText(1, 1_000), '100'),
  cursor: v.exactOptional(cursorText(skuSchema)),
});

/** A page of the stock in the order of its SKUs; the cursor is the last SKU seen. */
export function listStock({ store }: { readonly store: Pick<InventoryStore, 'listStock'> }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { limit, cursor } = readQuery(request, querySchema);
    const found = await store.listStock(cursor, limit + 1);
    const { rows, next } = toPage(found, limit, ({ sku }) => toCursor(sku));
    return { status: 200, body: { stock: rows.map(stockView), ...next } };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:read'] },
  listStock({ store: createInventoryStore(connectDatabase()) }),
);
