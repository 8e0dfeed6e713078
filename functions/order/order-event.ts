import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { announce, type Event, type Occurrence, toOutgoingRecord } from '../../lib/kafka/event.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';
import type { Order } from './order.ts';

/** What events say about an order; it never changes once the order is placed. */
export type AnnouncedOrder = Pick<Order, 'orderId' | 'userId' | 'items'>;

/** The event that announces a new order. */
export function createdEvent({ orderId, userId, items }: AnnouncedOrder, occurrence: Occurrence): Event {
  const createdAt = occurrence.time.toISOString();
  return announce(orderCreated, { orderId, userId, items, createdAt }, occurrence);
}

/** The event that announces that an order was cancelled. */
export function cancelledEvent(
  { orderId, userId }: Pick<AnnouncedOrder, 'orderId' | 'userId'>,
  occurrence: Occurrence,
): Event {
  const cancelledAt = occurrence.time.toISOString();
  return announce(orderCancelled, { orderId, userId, cancelledAt }, occurrence);
}

/** The event of that topic. @throws Error when the order service announces nothing on it */
export function eventOn(topic: string, order: AnnouncedOrder, occurrence: Occurrence): Event {
  switch (topic) {
    case orderCreated.topic:
      return createdEvent(order, occurrence);
    case orderCancelled.topic:
      return cancelledEvent(order, occurrence);
    default:
      throw new Error(`The order service announces nothing on ${topic}.`);
  }
}

/** The Kafka record of an order event. */
export function orderRecord(event: Event): OutgoingRecord {
  return toOutgoingRecord(event, '/openorder/order');
}
