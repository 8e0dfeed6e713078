import { functionEntry } from '../../lib/function-entry.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import type { Refusal } from '../../lib/kafka/publish-each.ts';
import { KafkaRefusedError } from '../../lib/kafka/publish-error.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import { logger } from '../../lib/logger.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { orderRecord } from './order-event.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';
import type { OutboxRow } from './outbox-row.ts';

/** Younger rows are skipped: the request that wrote them is probably still publishing them. */
const minimumAgeMs = 5_000;

/** Rows per transaction; 500 measured fastest for a send. */
const limit = 500;

interface Dependencies {
  readonly store: Pick<OrderStore, 'relay'>;
  readonly publisher: ReportingPublisher;
  readonly now: () => Date;
}

/**
 * Publishes what requests could not, oldest first, until no old row is left. An event that Kafka refuses
 * stays, and does not stop the others.
 * @throws BrokerUnavailableError while Kafka is unreachable, KafkaRefusedError when it refused any event: the
 *   next run continues
 */
export function relayOutbox({ store, publisher, now }: Dependencies) {
  return async (): Promise<{ published: number }> => {
    const startedAt = now();
    const writtenBefore = new Date(startedAt.getTime() - minimumAgeMs);
    const refusals: Refusal[] = [];
    const publish = (rows: readonly OutboxRow[]) => publishRows(publisher, rows, refusals);
    let published = 0;
    let relayed = { taken: limit, highestId: 0 };
    while (relayed.taken === limit) {
      const batch = { aboveId: relayed.highestId, writtenBefore, orAfter: startedAt, limit };
      const next = await store.relay(publish, batch);
      published += next.published;
      relayed = next;
    }
    const [refusal] = refusals;
    if (refusal) {
      logger.error('events stay in the outbox', { published, refused: refusals.length });
      throw refusal.error;
    }
    return { published };
  };
}

/** Sends all at once, and one by one only when Kafka refuses that: a row sent twice is harmless. */
async function publishRows(
  publisher: ReportingPublisher,
  rows: readonly OutboxRow[],
  refusals: Refusal[],
): Promise<readonly OutboxRow[]> {
  const records = rows.map(({ event }) => orderRecord(event));
  try {
    await publisher.publish(records);
    return rows;
  } catch (error) {
    if (!(error instanceof KafkaRefusedError)) throw error;
  }
  const { acknowledged, refused, outage } = await publisher.publishEach(records);
  if (outage) throw outage;
  refusals.push(...refused);
  const sent = new Set(acknowledged);
  return rows.filter((_, index) => records[index] !== undefined && sent.has(records[index]));
}

export const handler = functionEntry(
  relayOutbox({
    store: createOrderStore(connectDatabase()),
    publisher: connectPublisher(),
    now: () => new Date(),
  }),
);
