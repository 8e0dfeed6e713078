import type { Event } from '../../lib/kafka/event.ts';

/** An event that is committed but not yet known to be in Kafka. */
export interface OutboxRow {
  readonly outboxId: number;
  readonly event: Event;
}

/** Publishes rows, and returns those that Kafka acknowledged. */
export type PublishRows = (rows: readonly OutboxRow[]) => Promise<readonly OutboxRow[]>;

/** The rows of a relay: before one time, or after another because the clock has since been set back. */
export interface RelayBatch {
  /** Only rows above this id, so that a run skips those that Kafka refused. */
  readonly aboveId: number;
  readonly writtenBefore: Date;
  readonly orAfter: Date;
  readonly limit: number;
}

/** How many rows a relay took, how many of them Kafka acknowledged, and their highest id. */
export interface Relayed {
  readonly taken: number;
  readonly published: number;
  readonly highestId: number;
}
