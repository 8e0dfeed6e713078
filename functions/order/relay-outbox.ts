import { functionEntry } from '../../lib/function-entry.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { orderRecord } from './order-event.ts';
import { createOrderStore, type OrderStore, type OutboxRow } from './order-store.ts';

/** Younger rows are skipped: the request that wrote them is probably still publishing them. */
const minimumAgeMs = 5_000;

/** Rows per transaction; 500 measured fastest for a send. */
const limit = 500;

interface Dependencies {
  readonly store: Pick<OrderStore, 'relay'>;
  readonly publisher: Publisher;
  readonly now: () => Date;
}

/**
 * Publishes what requests could not, oldest first, until no old row is left. Fails while Kafka is
 * unreachable; the next run continues.
 */
export function relayOutbox({ store, publisher, now }: Dependencies) {
  return async (): Promise<{ published: number }> => {
    const startedAt = now();
    const writtenBefore = new Date(startedAt.getTime() - minimumAgeMs);
    const publish = (rows: readonly OutboxRow[]) =>
      publisher.publish(rows.map(({ event }) => orderRecord(event)));
    let published = 0;
    for (let taken = limit; taken === limit; published += taken) {
      taken = await store.relay(publish, { writtenBefore, orAfter: startedAt, limit });
    }
    return { published };
  };
}

export const handler = functionEntry(
  relayOutbox({
    store: createOrderStore(connectDatabase()),
    publisher: connectPublisher(),
    now: () => new Date(),
  }),
);
