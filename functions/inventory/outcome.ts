import { randomUUID } from 'node:crypto';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { type Event, toOutgoingRecord, traceparentAfter } from '../../lib/kafka/event.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';
import type { Decision, Demand } from './reservation.ts';

/** The event that announces what was decided for an order. */
export function outcomeEvent(
  demand: Demand,
  decision: Decision,
  time: Date,
  causeTraceparent: string | undefined,
): Event {
  const { orderId, userId, items } = demand;
  if (decision.status === 'RESERVED') {
    return event(
      inventoryReserved.topic,
      orderId,
      { orderId, userId, items, reservedAt: time },
      time,
      causeTraceparent,
    );
  }
  const { reason, shortages } = decision;
  const value = { orderId, userId, items, reason, shortages, rejectedAt: time };
  return event(inventoryRejected.topic, orderId, value, time, causeTraceparent);
}

/** The event that announces that an order's stock is for sale again. */
export function releasedEvent(demand: Demand, time: Date, causeTraceparent: string | undefined): Event {
  const { orderId, userId, items } = demand;
  return event(
    inventoryReleased.topic,
    orderId,
    { orderId, userId, items, releasedAt: time },
    time,
    causeTraceparent,
  );
}

/** The Kafka record of an inventory event. */
export function recordOf(outcome: Event): OutgoingRecord {
  return toOutgoingRecord(outcome, '/openorder/inventory');
}

function event(
  topic: string,
  orderId: number,
  value: object,
  time: Date,
  causeTraceparent: string | undefined,
): Event {
  return {
    id: randomUUID(),
    topic,
    key: String(orderId),
    time,
    payload: JSON.stringify(value),
    traceparent: traceparentAfter(causeTraceparent),
  };
}
