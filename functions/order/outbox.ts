import { BrokerUnavailableError } from '../../lib/errors.ts';
import { toOutgoingRecord } from '../../lib/kafka/event.ts';
import { KafkaRefusedError } from '../../lib/kafka/publish-error.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';
import { logger } from '../../lib/logger.ts';
import type { OutboxRow } from './announcement.ts';
import type { OrderStore } from './order-store.ts';

/** At most one delete in so many ms; under load each takes all that were published since the last, and alone it goes out at once. */
const gatherMs = 250;

/** Publishes committed events at once, and removes their rows without making the caller wait. */
export interface Outbox {
  /** Never rejects while Kafka is unreachable or refuses the event: the row stays, and `relayOutbox` publishes it later. */
  publish(row: OutboxRow): Promise<void>;
}

/** The Kafka record of an outbox row. */
export function recordOf(row: OutboxRow): OutgoingRecord {
  return toOutgoingRecord(row.event, '/openorder/order');
}

export function createOutbox(store: Pick<OrderStore, 'removeFromOutbox'>, publisher: Publisher): Outbox {
  const removal = gatheredRemoval(store);
  return {
    async publish(row) {
      try {
        await publisher.publish([recordOf(row)]);
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

/** Rows that a crash or a freeze leaves behind are published again by the relay, which does no harm: consumers know the event. */
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
