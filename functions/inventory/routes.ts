import * as v from 'valibot';
import type { Routes } from '../../contracts/route.ts';
import { pageOf, skuParameter } from '../../contracts/shared.ts';
import { skuSchema } from '../../lib/contracts/order-item.ts';
import { querySchema } from './list-stock.ts';
import { bodySchema } from './put-stock.ts';
import type { stockView } from './stock-view.ts';

const unitsSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

const stockSchema: v.GenericSchema<unknown, ReturnType<typeof stockView>> = v.pipe(
  v.object({ sku: skuSchema, onHand: unitsSchema, reserved: unitsSchema, available: unitsSchema }),
  v.title('Stock'),
);

const stock = { sku: 'ABC-001', onHand: 100, reserved: 2, available: 98 };

/** The inventory service's routes, as the OpenAPI document describes them. */
export const inventoryRoutes: Routes = {
  listStock: {
    summary: 'List the stock of articles',
    query: querySchema,
    answers: {
      200: {
        description: 'A page, by SKU.',
        schema: pageOf('stock', stockSchema),
        example: { stock: [stock] },
      },
    },
  },
  putStock: {
    summary: 'Set how many units of an article are on hand',
    path: { sku: skuParameter },
    body: { schema: bodySchema, example: { onHand: 100 } },
    answers: { 200: { description: 'The stock as it stands now.', schema: stockSchema, example: stock } },
    problems: ['below-reserved'],
  },
};
