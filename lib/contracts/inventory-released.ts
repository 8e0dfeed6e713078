import * as v from 'valibot';
import type { Contract } from './contract.ts';
import { identifierSchema, momentSchema, orderItemsSchema } from './order-item.ts';

const schema = v.object({
  orderId: identifierSchema,
  userId: identifierSchema,
  items: orderItemsSchema,
  releasedAt: momentSchema,
});

/** What was reserved for a cancelled order is available again. */
export type InventoryReleased = v.InferOutput<typeof schema>;

export const inventoryReleased: Contract<InventoryReleased> = { topic: 'inventory.released', schema };
