import * as v from 'valibot';
import type { Routes, Serialized } from '../../contracts/route.ts';
import { orderIdParameter, pageOf } from '../../contracts/shared.ts';
import { rejectionReasons, shortageSchema } from '../../lib/contracts/inventory-rejected.ts';
import { identifierSchema, momentSchema, orderItemsSchema } from '../../lib/contracts/order-item.ts';
import { newOrderSchema } from './create-order.ts';
import { querySchema } from './list-orders.ts';
import { type Order, orderStatuses } from './order.ts';

const orderSchema: v.GenericSchema<unknown, Serialized<Order>> = v.pipe(
  v.object({
    orderId: identifierSchema,
    userId: identifierSchema,
    status: v.picklist(orderStatuses),
    items: orderItemsSchema,
    rejection: v.exactOptional(
      v.object({ reason: v.picklist(rejectionReasons), shortages: v.exactOptional(v.array(shortageSchema)) }),
    ),
    createdAt: momentSchema,
    updatedAt: momentSchema,
  }),
  v.title('Order'),
);

const order = {
  orderId: 1,
  userId: 42,
  status: 'CONFIRMED',
  items: [{ sku: 'ABC-001', qty: 2 }],
  createdAt: '2026-11-28T09:00:00.000Z',
  updatedAt: '2026-11-28T09:00:00.120Z',
};

/** The two forms that idempotency-key.ts reads: bare, and quoted as a structured field. */
const idempotencyKeySchema = v.pipe(
  v.string(),
  v.regex(/^("[\x20\x21\x23-\x5b\x5d-\x7e]{1,255}"|[\x21\x23-\x2b\x2d-\x7e]{1,255})$/),
);

const path = { orderId: orderIdParameter };

/** The order service's routes, as the OpenAPI document describes them. */
export const orderRoutes: Routes = {
  createOrder: {
    summary: 'Place an order',
    headers: {
      'Idempotency-Key': {
        description: 'The same key with the same order returns the same answer and places nothing twice.',
        schema: idempotencyKeySchema,
        example: '6fdc1f3e-7d4a-4f2a-9d43-0d5c1a1f5c11',
      },
    },
    body: { schema: newOrderSchema, example: { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] } },
    answers: {
      201: {
        description: 'Accepted; the order shows a moment later whether there is stock.',
        headers: {
          Location: 'The path of the order.',
          'Idempotent-Replayed': '`true` when an earlier request with the same key placed the order.',
        },
        schema: v.object({ orderId: identifierSchema, status: v.literal('PENDING') }),
        example: { orderId: 1, status: 'PENDING' },
      },
    },
    problems: ['idempotency-key-in-flight', 'idempotency-key-reused'],
  },
  getOrder: {
    summary: 'Show an order',
    path,
    answers: { 200: { description: 'The current order.', schema: orderSchema, example: order } },
    problems: ['not-found'],
  },
  listOrders: {
    summary: 'List orders, newest first',
    query: querySchema,
    answers: {
      200: {
        description: "A page of a customer's orders, or for operators of everyone's.",
        schema: pageOf('orders', orderSchema),
        example: { orders: [order], nextCursor: 'MQ' },
      },
    },
  },
  cancelOrder: {
    summary: 'Cancel an order',
    path,
    answers: {
      202: {
        description: 'Cancelled; what was reserved is released a moment later.',
        schema: v.object({ orderId: identifierSchema, status: v.literal('CANCELLED') }),
        example: { orderId: 1, status: 'CANCELLED' },
      },
    },
    problems: ['not-found', 'order-rejected'],
  },
};
