import * as v from 'valibot';
import type { Contract } from './contract.ts';
import { identifierSchema, momentSchema, orderItemsSchema } from './order-item.ts';

const schema = v.object({
  orderId: identifierSchema,
  userId: identifierSchema,
  items: orderItemsSchema,
  createdAt: momentSchema,
});

/** A customer placed an order. */
export type OrderCreated = v.InferOutput<typeof schema>;

export const orderCreated: Contract<OrderCreated> = { topic: 'order.created', schema };
