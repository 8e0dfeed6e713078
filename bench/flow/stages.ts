import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import type { Reading } from './consumption.ts';

const outcomes = [inventoryReserved.topic, inventoryRejected.topic];

/** The triggers that an order passes through, stage by stage. */
export const stages = {
  reserve: readings('reserveInventory', [orderCreated.topic]),
  settle: readings('settleOrder', outcomes),
  notify: readings('notify', outcomes),
} as const;

/** The consumer group of the limit program, which does the work of the reserve stage. */
export const limitReserve: readonly Reading[] = [
  { groupId: 'openorder-bench-limit', topic: orderCreated.topic },
];

function readings(functionKey: string, topics: readonly string[]): readonly Reading[] {
  return topics.map((topic) => ({ groupId: `openorder-local-${functionKey}-${topic}`, topic }));
}
