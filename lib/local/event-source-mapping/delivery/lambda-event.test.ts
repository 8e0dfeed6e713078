import fc from 'fast-check';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { applyKafkaJsFixes, type RecordHeader } from '../kafka/kafkajs-fixes.ts';
import {
  buildEvent,
  envelopeBytes,
  partitionFrameBytes,
  serializeRecord,
  writeEvent,
  writePackedEvent,
  type FetchedMessage,
} from './lambda-event.ts';
import { unpackEvent } from '../worker/packed-event.js';

applyKafkaJsFixes();

/** Headers as a fetch returns them. */
function fetched(list: readonly RecordHeader[]): NonNullable<FetchedMessage['headers']> {
  const reader = Object.assign(Object.create(Decoder.prototype) as Decoder, {
    readVarInt: () => list.length,
  });
  const next = list[Symbol.iterator]();
  const headers = reader.readVarIntArray(() => next.next().value as RecordHeader);
  return headers.reduce((sofar) => sofar, {});
}

const message = (part: Partial<FetchedMessage>): FetchedMessage =>
  ({
    key: null,
    value: null,
    timestamp: '1545084650987',
    attributes: 0,
    offset: '15',
    headers: {},
    ...part,
  }) as FetchedMessage;
const origin = {
  eventSource: { type: 'SelfManagedKafka' },
  bootstrapServers: ['broker-1:9092', 'broker-2:9092'],
  topic: 'mytopic',
} as const;

const recordOf = (part: Partial<FetchedMessage>) => {
  const { records } = buildEvent(origin, [serializeRecord('mytopic', 0, message(part))]) as {
    records: Record<string, object[]>;
  };
  return records['mytopic-0']?.[0] ?? {};
};

it('when a record has key and value, they are base64; numbers are numbers', () => {
  expect(recordOf({ key: Buffer.from('recordKey'), value: Buffer.from('Hello') })).toEqual({
    topic: 'mytopic',
    partition: 0,
    offset: 15,
    timestamp: 1545084650987,
    timestampType: 'CREATE_TIME',
    key: 'cmVjb3JkS2V5',
    value: 'SGVsbG8=',
    headers: [],
  });
});

it('when a record is packed, its position and time are kept beside the text', () => {
  expect(serializeRecord('mytopic', 3, message({}))).toMatchObject({
    partition: 3,
    offset: 15,
    timestampMs: 1545084650987,
  });
});

it('when an event has several records, they keep their order', () => {
  const records = [0, 1, 2].map((offset) =>
    serializeRecord('mytopic', 7, message({ offset: String(offset) })),
  );
  expect(buildEvent(origin, records)).toMatchObject({
    eventSource: 'SelfManagedKafka',
    records: { 'mytopic-7': [{ offset: 0 }, { offset: 1 }, { offset: 2 }] },
  });
});

it('when key or value is null, the field is absent; when it is empty, it is present', () => {
  const always = ['topic', 'partition', 'offset', 'timestamp', 'timestampType'];
  expect(Object.keys(recordOf({}))).toEqual([...always, 'headers']);
  expect(recordOf({ key: Buffer.alloc(0), value: Buffer.alloc(0) })).toMatchObject({ key: '', value: '' });
});

it('when there are headers, they are signed bytes in order, with repeated names and nulls', () => {
  const headers = fetched([
    { key: 'a,b:c;é', value: Buffer.from([0, 127, 128, 255]) },
    { key: 'none', value: null },
    { key: '', value: Buffer.alloc(0) },
    { key: 'none', value: Buffer.from('-') },
  ]);
  expect(recordOf({ headers })).toMatchObject({
    headers: [{ 'a,b:c;é': [0, 127, -128, -1] }, { none: null }, { '': [] }, { none: [45] }],
  });
});

it('when key and value were decoded, the event names their schemas; otherwise it names none', () => {
  const keySchema = { dataFormat: 'AVRO', schemaId: '7' };
  const complete = message({ key: Buffer.from('a'), value: Buffer.from('b') });
  const record = serializeRecord('mytopic', 0, complete, { ...complete, keySchema });
  const event = buildEvent(origin, [record]) as { records: Record<string, object[]> };
  expect(event.records['mytopic-0']?.[0]).toMatchObject({ keySchemaMetadata: keySchema });
  expect(event.records['mytopic-0']?.[0]).not.toHaveProperty('valueSchemaMetadata');
});

it('when the broker sets the timestamp, the type says so', () => {
  const batchContext = { timestampType: 1, firstOffset: '0', lastOffsetDelta: 0 };
  expect(recordOf({ batchContext })).toHaveProperty('timestampType', 'LOG_APPEND_TIME');
});

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const header = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.option(bytes) });
const dataFormat = fc.constantFrom('AVRO', 'PROTOBUF', 'JSON');
const schema = fc.record({ dataFormat, schemaId: fc.nat().map(String) });
const schemas = fc.record({ keySchema: schema, valueSchema: schema }, { requiredKeys: [] });
const messages = fc.array(
  fc.record({
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.array(header).map(fetched),
    schemas,
  }),
  { minLength: 1, maxLength: 5 },
);

/** Serializes a record with the schemas that its key and value were decoded with. */
function serialize({ schemas: decodedWith, ...part }: Partial<FetchedMessage> & { schemas: object }) {
  const complete = message(part);
  return serializeRecord('mytopic', 7, complete, { ...complete, ...decodedWith });
}

it('when an event is written, its size is the sum of its envelope, records and commas', () => {
  fc.assert(
    fc.property(messages, (parts) => {
      const records = parts.map((part, index) => serialize({ ...part, offset: String(index * 1000) }));
      const sum = records.reduce((total, record) => total + record.bytes, records.length - 1);
      expect(Buffer.byteLength(writeEvent(origin, records))).toBe(
        envelopeBytes(origin) + partitionFrameBytes(origin, 7) + sum,
      );
    }),
  );
});

it('when an event is sent packed, the worker gets the same event', () => {
  fc.assert(
    fc.property(messages, (parts) => {
      const records = parts.map(serialize);
      const sent: unknown = JSON.parse(writePackedEvent(origin, records));
      const unpacked = unpackEvent(sent);
      expect(sent).not.toEqual(unpacked);
      expect(JSON.stringify(unpacked)).toBe(writeEvent(origin, records));
    }),
  );
});

it('when an event would exceed 6 MB packed, it is sent unpacked', () => {
  const headers = fetched([{ key: 'n'.repeat(4_800_000), value: null }]);
  const records = [serializeRecord('mytopic', 7, message({ headers }))];
  expect(writePackedEvent(origin, records)).toBe(writeEvent(origin, records));
});

it('when the source is MSK, the event contains the cluster; otherwise it has no such field', () => {
  const arn = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/uuid';
  const records = [serializeRecord('mytopic', 7, message({}))];
  expect(buildEvent({ ...origin, eventSource: { type: 'aws:kafka', arn } }, records)).toMatchObject({
    eventSource: 'aws:kafka',
    eventSourceArn: arn,
    bootstrapServers: 'broker-1:9092,broker-2:9092',
    records: { 'mytopic-7': [{ offset: 15 }] },
  });
  expect(buildEvent(origin, records)).not.toHaveProperty('eventSourceArn');
});

it('when records are from several partitions, each has its own list, in order', () => {
  const records = [
    [7, '1'],
    [7, '2'],
    [0, '5'],
  ].map(([partition, offset]) =>
    serializeRecord('mytopic', Number(partition), message({ offset: String(offset) })),
  );
  const event = buildEvent(origin, records) as { records: Record<string, { offset: number }[]> };
  expect(Object.entries(event.records).map(([key, list]) => [key, list.map(({ offset }) => offset)])).toEqual(
    [
      ['mytopic-7', [1, 2]],
      ['mytopic-0', [5]],
    ],
  );
});
