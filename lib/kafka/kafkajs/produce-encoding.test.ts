import { jest } from '@jest/globals';
import Produce, { type ProduceParameters } from 'kafkajs/src/protocol/requests/produce/index.js';
import writtenByKafkajs from 'kafkajs/src/protocol/requests/produce/v7/request.js';
import { encodeBatchesInOneBuffer } from './produce-encoding.ts';

encodeBatchesInOneBuffer();

const record = { key: '1', value: '{"orderId":1}', headers: { ce_id: Buffer.from('a'), also: ['b', 'c'] } };

const parameters: ProduceParameters = {
  acks: -1,
  timeout: 30_000,
  producerId: '4711',
  producerEpoch: 1,
  topicData: [
    {
      topic: 'order.created',
      partitions: [
        { partition: 0, firstSequence: 5, messages: [record] },
        { partition: 2, firstSequence: 0, messages: [record, { value: null }] },
      ],
    },
    {
      topic: 'order.cancelled',
      partitions: [{ partition: 1, firstSequence: 7, messages: [{ value: 'x' }] }],
    },
  ],
};

const timed: ProduceParameters = {
  ...parameters,
  topicData: [
    {
      topic: 'order.created',
      partitions: [
        {
          partition: 0,
          firstSequence: 0,
          messages: [
            { ...record, timestamp: '1000' },
            { ...record, timestamp: '2500' },
          ],
        },
      ],
    },
  ],
};

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

it.each<[string, ProduceParameters]>([
  ['an idempotent producer sends records of several topics and partitions', parameters],
  ['a producer is not idempotent', { ...parameters, producerId: undefined, producerEpoch: undefined }],
  ['records are compressed', { ...parameters, compression: 1 }],
  ['records belong to a transaction', { ...parameters, transactionalId: 'transaction' }],
  ['records have their own timestamps', timed],
])("when %s, the request is kafkajs' own, byte for byte", async (_, given) => {
  const written = await Produce.protocol({ version: 7 })(given).request.encode();
  expect(written.buffer).toEqual((await writtenByKafkajs(given).encode()).buffer);
});
