import { buildEvent, envelopeBytes, serializeRecord, type FetchedMessage } from './lambda-event.ts';

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

it('when key and value are there, they are base64; numbers are numbers', () => {
  const record = serializeRecord(
    'mytopic',
    0,
    message({ key: Buffer.from('recordKey'), value: Buffer.from('Hello') }),
  );
  expect(JSON.parse(record.json)).toEqual({
    topic: 'mytopic',
    partition: 0,
    offset: 15,
    timestamp: 1545084650987,
    timestampType: 'CREATE_TIME',
    key: 'cmVjb3JkS2V5',
    value: 'SGVsbG8=',
    headers: [],
  });
  expect(record).toMatchObject({
    partition: 0,
    offset: 15,
    timestampMs: 1545084650987,
    bytes: record.json.length,
  });
});

it('when key or value is null, the field is absent', () => {
  const record = JSON.parse(serializeRecord('mytopic', 0, message({})).json) as object;
  expect(Object.keys(record)).toEqual([
    'topic',
    'partition',
    'offset',
    'timestamp',
    'timestampType',
    'headers',
  ]);
});

it('when the broker sets the time, the type says so', () => {
  const batchContext = { timestampType: 1, firstOffset: '0', lastOffsetDelta: 0 };
  expect(serializeRecord('mytopic', 0, message({ batchContext })).json).toContain(
    '"timestampType":"LOG_APPEND_TIME"',
  );
});

it('when an event is built, its size is that of its envelope, its records and the commas', () => {
  const records = [0, 1, 2].map((offset) =>
    serializeRecord('mytopic', 7, message({ offset: String(offset) })),
  );
  const event = buildEvent(origin, records);
  expect(JSON.parse(event)).toMatchObject({
    eventSource: 'SelfManagedKafka',
    bootstrapServers: 'broker-1:9092,broker-2:9092',
    records: { 'mytopic-7': [{ offset: 0 }, { offset: 1 }, { offset: 2 }] },
  });
  expect(JSON.parse(event)).not.toHaveProperty('eventSourceArn');
  const sum = records.reduce((bytes, record) => bytes + record.bytes, records.length - 1);
  expect(Buffer.byteLength(event)).toBe(envelopeBytes(origin, 7) + sum);
});

it('when the source is MSK, the event carries the cluster', () => {
  const arn = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/uuid';
  const event = buildEvent({ ...origin, eventSource: { type: 'aws:kafka', arn } }, [
    serializeRecord('mytopic', 0, message({})),
  ]);
  expect(JSON.parse(event)).toMatchObject({ eventSource: 'aws:kafka', eventSourceArn: arn });
});
