import * as v from 'valibot';
import type { Routes, Serialized } from '../../contracts/route.ts';
import { orderIdParameter, pageOf, skuParameter } from '../../contracts/shared.ts';
import { rejectionReasons, shortageSchema } from '../../lib/contracts/inventory-rejected.ts';
import {
  identifierSchema,
  momentSchema,
  orderItemsSchema,
  skuSchema,
} from '../../lib/contracts/order-item.ts';
import { querySchema } from './list-stock.ts';
import { bodySchema } from './put-stock.ts';
import { type Reservation, reservationStatuses } from './reservation.ts';
import type { stockView } from './stock-view.ts';

const unitsSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

const stockSchema: v.GenericSchema<unknown, ReturnType<typeof stockView>> = v.pipe(
  v.object({ sku: skuSchema, onHand: unitsSchema, reserved: unitsSchema, available: unitsSchema }),
  v.title('Stock'),
);

const stock = { sku: 'ABC-001', onHand: 100, reserved: 2, available: 98 };

const reservationSchema: v.GenericSchema<unknown, Serialized<Reservation>> = v.pipe(
  v.object({
    orderId: identifierSchema,
    userId: identifierSchema,
    status: v.picklist(reservationStatuses),
    items: v.exactOptional(orderItemsSchema),
    reason: v.exactOptional(v.picklist(rejectionReasons)),
    shortages: v.exactOptional(v.array(shortageSchema)),
    decidedAt: v.exactOptional(momentSchema),
    releasedAt: v.exactOptional(momentSchema),
  }),
  v.title('Reservation'),
);

const rejected = {
  orderId: 1,
  userId: 42,
  status: 'REJECTED',
  items: [{ sku: 'ABC-001', qty: 3 }],
  reason: 'OUT_OF_STOCK',
  shortages: [{ sku: 'ABC-001', requested: 3, available: 1 }],
  decidedAt: '2026-11-28T09:00:00.120Z',
};

/** The inventory service's routes, as the OpenAPI document describes them. */
export const inventoryRoutes: Routes = {
  getReservation: {
    summary: 'Show what inventory decided for an order',
    path: { orderId: orderIdParameter },
    answers: {
      200: {
        description:
          'The decision. `CANCELLED` means that the cancel arrived before the order: `items`, `reason` and `decidedAt` are added when the order arrives.',
        schema: reservationSchema,
        example: rejected,
      },
    },
    problems: ['not-found'],
  },
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
    answers: { 200: { description: 'The current stock.', schema: stockSchema, example: stock } },
    problems: ['below-reserved'],
  },
};
