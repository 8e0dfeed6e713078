import * as v from 'valibot';
import type { Contract } from './contract.ts';
import { identifierSchema, momentSchema } from './order-item.ts';

const schema = v.object({ orderId: identifierSchema, userId: identifierSchema, cancelledAt: momentSchema });

/** An order was cancelled; what was reserved for it is to be released. */
export type OrderCancelled = v.InferOutput<typeof schema>;

export const orderCancelled: Contract<OrderCancelled> = { topic: 'order.cancelled', schema };
