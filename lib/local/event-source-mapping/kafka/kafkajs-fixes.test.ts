import kafkajs from 'kafkajs';
import { applyKafkaJsFixes } from './kafkajs-fixes.ts';

const partitionMetadata = [0, 1, 2].map((partitionId) => ({
  partitionErrorCode: 0,
  partitionId,
  leader: 1,
  replicas: [1],
  isr: [1],
}));
const choose = kafkajs.Partitioners.DefaultPartitioner();
const partitionOf = (key: Buffer | string) =>
  choose({ topic: 'orders', partitionMetadata, message: { key, value: null } });

const keys = Array.from({ length: 200 }, (_, length) => '주문-1'.repeat(length));
const partitions = keys.map(partitionOf);

applyKafkaJsFixes();

it('when a key chooses the partition, it is the one that kafkajs alone chooses', () => {
  expect(keys.map(partitionOf)).toEqual(partitions);
});

it('when a key is as long as a record may be, choosing takes no minutes', () => {
  const startedAt = performance.now();
  partitionOf(Buffer.alloc(1_000_000, 1));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
