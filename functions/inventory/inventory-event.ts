import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { announce, type Event, type Occurrence, toOutgoingRecord } from '../../lib/kafka/event.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';
import type { Decided, Demand } from './reservation.ts';

/** The event that announces what was decided for an order. */
export function outcomeEvent({ demand, decision }: Decided, occurrence: Occurrence): Event {
  const { orderId, userId, items } = demand;
  const decidedAt = occurrence.time.toISOString();
  if (decision.status === 'RESERVED') {
    return announce(inventoryReserved, { orderId, userId, items, reservedAt: decidedAt }, occurrence);
  }
  const { reason, shortages } = decision;
  const rejection = { reason, ...(shortages && { shortages }), rejectedAt: decidedAt };
  return announce(inventoryRejected, { orderId, userId, items, ...rejection }, occurrence);
}

/** The event that announces that an order's stock is available again. */
export function releasedEvent({ orderId, userId, items }: Demand, occurrence: Occurrence): Event {
  const releasedAt = occurrence.time.toISOString();
  return announce(inventoryReleased, { orderId, userId, items, releasedAt }, occurrence);
}

/** The Kafka record of an inventory event. */
export function inventoryRecord(event: Event): OutgoingRecord {
  return toOutgoingRecord(event, '/openorder/inventory');
}
