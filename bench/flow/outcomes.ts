import type { Kafka } from 'kafkajs';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { until } from '../../lib/local/stack/until.ts';

/** Order outcomes, read as any consumer of the topics would. */
export interface Outcomes {
  /** When each order's outcome arrived here, in ms since 1970, by order id. */
  readonly arrivals: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

/** Starts with what is written from now on. */
export async function watchOutcomes(kafka: Kafka): Promise<Outcomes> {
  const arrivals = new Map<number, number>();
  const consumer = kafka.consumer({ groupId: `openorder-bench-${Date.now()}`, maxWaitTimeInMs: 500 });
  let fetches = 0;
  consumer.on(consumer.events.FETCH, () => (fetches += 1));
  await consumer.connect();
  await consumer.subscribe({ topics: [inventoryReserved.topic, inventoryRejected.topic] });
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      arrivals.set(Number(message.key), Date.now());
      return Promise.resolve();
    },
  });
  await until(() => fetches > 0, { deadlineMs: 30_000, what: 'the consumer of the outcomes to start' });
  return { arrivals, stop: () => consumer.disconnect() };
}
