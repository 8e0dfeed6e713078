import * as v from 'valibot';
import { skuSchema } from '../../lib/contracts/order-item.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { conflict } from '../../lib/http/problem.ts';
import { check, type HttpRequest, readBody } from '../../lib/http/request.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';
import { stockView } from './stock-view.ts';

const pathSchema = v.object({ sku: skuSchema });

export const bodySchema = v.object({
  onHand: v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(0, 'must be at least 0'),
    v.maxValue(Number.MAX_SAFE_INTEGER, `must be at most ${Number.MAX_SAFE_INTEGER}`),
  ),
});

/** Sets how many units of a SKU are on hand, never to less than is reserved. */
export function putStock({ store }: { readonly store: Pick<InventoryStore, 'setOnHand'> }) {
  return async (request: HttpRequest): Promise<Answer> => {
    const { sku } = check(request.pathParameters, pathSchema, '');
    const { onHand } = readBody(request, bodySchema);
    const stock = await store.setOnHand(sku, onHand);
    if (!stock) throw conflict('below-reserved', `More than ${onHand} units of ${sku} are reserved.`);
    return { status: 200, body: stockView(stock) };
  };
}

export const handler = httpFunction(
  { scopes: ['operator:write'] },
  putStock({ store: createInventoryStore(connectDatabase()) }),
);
