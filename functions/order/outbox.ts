import { BrokerUnavailableError } from '../../lib/errors.ts';
import { KafkaRefusedError } from '../../lib/kafka/publish-error.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { logger } from '../../lib/logger.ts';
import { orderRecord } from './order-event.ts';
import type { OrderStore } from './order-store.ts';
import type { OutboxRow } from './outbox-row.ts';

/**
 * Minimum interval between deletes, in ms; a single row is deleted immediately, and under load each delete
 * takes all rows since the last.
 */
const gatherMs = 250;

/** Publishes committed events immediately, and removes their rows without making the caller wait. */
export interface Outbox {
  /**
   * Never rejects while Kafka is unreachable or refuses the event: the row stays, and `relayOutbox` publishes
   * it later.
   */
  publish(row: OutboxRow): Promise<void>;
}

/** The outbox of one container; `publisher` should give up soon, since a request waits for it. */
export function createOutbox(store: Pick<OrderStore, 'removeFromOutbox'>, publisher: Publisher): Outbox {
  const removal = gatheredRemoval(store);
  return {
    async publish(row) {
      try {
        await publisher.publish([orderRecord(row.event)]);
      } catch (error) {
        if (!(error instanceof BrokerUnavailableError || error instanceof KafkaRefusedError)) throw error;
        logger.warn('event left to the relay', {
          topic: row.event.topic,
          orderId: row.event.key,
          reason: error.message,
        });
        return;
      }
      removal.add(row.outboxId);
    },
  };
}

/**
 * Rows left behind by a crash or a freeze are published again by the relay, which is harmless: consumers are
 * idempotent.
 */
function gatheredRemoval(store: Pick<OrderStore, 'removeFromOutbox'>) {
  let published: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastRemovalMs = -gatherMs;

  const remove = (): void => {
    const outboxIds = published;
    published = [];
    timer = undefined;
    lastRemovalMs = performance.now();
    store.removeFromOutbox(outboxIds).catch((error: unknown) => {
      logger.warn('published events stay in the outbox until the relay removes them', {
        reason: String(error),
      });
    });
  };

  return {
    add(outboxId: number): void {
      published.push(outboxId);
      timer ??= setTimeout(remove, Math.max(0, lastRemovalMs + gatherMs - performance.now()));
    },
  };
}
