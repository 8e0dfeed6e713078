import { inventoryRejected } from '../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../lib/contracts/inventory-reserved.ts';
import { orderCancelled } from '../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../lib/contracts/order-created.ts';
import type { DescribedTopic } from './asyncapi.ts';

const order = { orderId: 1, userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
const orders = { source: '/openorder/order' };
const inventory = { source: '/openorder/inventory' };

/**
 * Every event topic, as the AsyncAPI document describes it. A test compares it with the topics that the stack
 * creates.
 */
export const describedTopics: readonly DescribedTopic[] = [
  {
    ...orders,
    contract: orderCreated,
    summary: 'A customer placed an order.',
    publishers: ['createOrder', 'relayOutbox'],
    example: { ...order, createdAt: '2026-11-28T09:00:00.000Z' },
  },
  {
    ...orders,
    contract: orderCancelled,
    summary: 'An order was cancelled; what was reserved for it is to be released.',
    publishers: ['cancelOrder', 'relayOutbox'],
    example: { orderId: 1, userId: 42, cancelledAt: '2026-11-28T09:01:00.000Z' },
  },
  {
    ...inventory,
    contract: inventoryReserved,
    summary: 'Stock was set aside for every line of an order.',
    publishers: ['reserveInventory'],
    example: { ...order, reservedAt: '2026-11-28T09:00:00.100Z' },
  },
  {
    ...inventory,
    contract: inventoryRejected,
    summary: 'Nothing was set aside for an order.',
    publishers: ['reserveInventory'],
    example: {
      ...order,
      reason: 'OUT_OF_STOCK',
      shortages: [{ sku: 'ABC-001', requested: 2, available: 1 }],
      rejectedAt: '2026-11-28T09:00:00.100Z',
    },
  },
  {
    ...inventory,
    contract: inventoryReleased,
    summary: 'What was reserved for a cancelled order is for sale again.',
    publishers: ['releaseInventory'],
    example: { ...order, releasedAt: '2026-11-28T09:01:00.100Z' },
  },
];
