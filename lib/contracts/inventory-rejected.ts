import * as v from 'valibot';
import type { Contract } from './contract.ts';
import { identifierSchema, momentSchema, orderItemsSchema, skuSchema } from './order-item.ts';

/** Why inventory rejects an order; ORDER_CANCELLED when its cancel came first. */
export const rejectionReasons = ['OUT_OF_STOCK', 'UNKNOWN_SKU', 'ORDER_CANCELLED'] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/**
 * A SKU that ran short; `requested` sums the order's lines of it, so it may exceed a single line's limit.
 */
export const shortageSchema = v.object({
  sku: skuSchema,
  requested: v.pipe(v.number(), v.integer(), v.minValue(1)),
  available: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export type Shortage = v.InferOutput<typeof shortageSchema>;

const shortagesSchema: v.GenericSchema<unknown, readonly Shortage[]> = v.array(shortageSchema);

const schema = v.object({
  orderId: identifierSchema,
  userId: identifierSchema,
  items: orderItemsSchema,
  reason: v.picklist(rejectionReasons),
  shortages: v.exactOptional(shortagesSchema),
  rejectedAt: momentSchema,
});

/** Nothing was set aside for the order; `shortages` is present only with `OUT_OF_STOCK`. */
export type InventoryRejected = v.InferOutput<typeof schema>;

export const inventoryRejected: Contract<InventoryRejected> = { topic: 'inventory.rejected', schema };
