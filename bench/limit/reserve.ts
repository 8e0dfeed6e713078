// The bare limit of the reserve stage: one process that reads order.created, runs the same transaction per
// batch, and publishes the same events, without functions, triggers, validation, retries or dead letters.
// Started by the bench, ended by a signal.
import { logLevel, type Batch } from 'kafkajs';
import type { OrderCreated } from '../../lib/contracts/order-created.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { setting } from '../../lib/config.ts';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { createKafka } from '../../lib/kafka/kafkajs/index.ts';
import { createPublisher } from '../../lib/kafka/publisher.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { createInventoryStore } from '../../functions/inventory/inventory-store.ts';
import { inventoryRecord, outcomeEvent } from '../../functions/inventory/inventory-event.ts';

const batchSize = 1000;
const lanes = [0, 1, 2].map(() => ({
  store: createInventoryStore(createDatabase(setting('DATABASE_URL'))),
  publisher: createPublisher({ brokers: setting('KAFKA_BROKERS') }),
}));

const kafka = createKafka({ brokers: setting('KAFKA_BROKERS'), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: 'openorder-bench-limit', maxWaitTimeInMs: 50 });

consumer.on(consumer.events.GROUP_JOIN, () => {
  console.log('limit program: reading');
});
await consumer.connect();
await consumer.subscribe({ topic: orderCreated.topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: lanes.length,
  eachBatch: ({ batch }) => reserveAll(batch),
});

async function reserveAll({ partition, messages }: Batch): Promise<void> {
  for (let start = 0; start < messages.length; start += batchSize) {
    const part = messages.slice(start, start + batchSize);
    await reserve(
      partition,
      part.map(({ value }) => JSON.parse(String(value)) as OrderCreated),
    );
    const offset = String(Number(part.at(-1)?.offset) + 1);
    await consumer.commitOffsets([{ topic: orderCreated.topic, partition, offset }]);
  }
}

async function reserve(partition: number, orders: readonly OrderCreated[]): Promise<void> {
  const lane = lanes[partition % lanes.length];
  const decidedAt = new Date();
  const reserved = await lane?.store.reserve(orders, (decided) =>
    outcomeEvent(decided, occurrenceAt(decidedAt, undefined)),
  );
  await lane?.publisher.publish((reserved?.events ?? []).map(inventoryRecord));
}

process.once('SIGINT', () => void consumer.disconnect().then(() => process.exit(0)));
