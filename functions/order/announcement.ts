import type { Event } from '../../lib/kafka/event.ts';

/** An event about an order whose id only the database knows: `fields` are the payload's fields after `orderId`. */
export interface Announcement {
  readonly id: string;
  readonly topic: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly traceparent: string;
}

/** An event that is committed but not yet known to be in Kafka. */
export interface OutboxRow {
  readonly outboxId: number;
  readonly event: Event;
}
