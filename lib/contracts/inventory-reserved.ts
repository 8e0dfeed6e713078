import * as v from 'valibot';
import type { Contract } from './contract.ts';
import { identifierSchema, momentSchema, orderItemsSchema } from './order-item.ts';

const schema = v.object({
  orderId: identifierSchema,
  userId: identifierSchema,
  items: orderItemsSchema,
  reservedAt: momentSchema,
});

/** Stock was set aside for every line of the order. */
export type InventoryReserved = v.InferOutput<typeof schema>;

export const inventoryReserved: Contract<InventoryReserved> = { topic: 'inventory.reserved', schema };
