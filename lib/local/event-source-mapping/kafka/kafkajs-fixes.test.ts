import kafkajs from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { applyKafkaJsFixes, orderedHeaders } from './kafkajs-fixes.ts';

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

/** What kafkajs makes of a record's headers. */
function read(headers: readonly { readonly key: string; readonly value: Buffer | null }[]): object {
  const left = headers.values();
  const decoder = new Decoder(zigzag(headers.length));
  return decoder.readVarIntArray(() => left.next().value).reduce((sofar) => sofar, undefined) ?? {};
}

/** https://protobuf.dev/programming-guides/encoding/#signed-ints */
function zigzag(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length * 2;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

it('when headers have names that every object has, their list is what was sent', () => {
  const headers = ['constructor', '__proto__', 'a', 'constructor'].map((key) => ({ key, value: null }));
  expect(orderedHeaders(read(headers))).toEqual(headers);
});

it('when a record is full of headers of one name, they are read in no time', () => {
  const startedAt = performance.now();
  const headers = Array.from({ length: 300_000 }, () => ({ key: 'h', value: null }));
  expect(orderedHeaders(read(headers))).toHaveLength(300_000);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
