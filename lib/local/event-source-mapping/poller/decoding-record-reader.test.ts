import { buildEvent, type FetchedMessage } from '../delivery/lambda-event.ts';
import { parseFilterCriteria } from '../filter/filter-criteria.ts';
import type { MappingDefinition, SchemaRegistryConfig } from '../mapping/definition.ts';
import { SchemaRegistry } from '../schema-registry/schema-registry.ts';
import { StandInRegistry } from '../testing/stand-in-registry.ts';
import { DecodingRecordReader } from './decoding-record-reader.ts';

const point = { type: 'record', name: 'Point', fields: [{ name: 'x', type: 'int' }] };
const server = new StandInRegistry([
  { id: 1, subject: 'points-key', version: 1, schema: '"string"' },
  { id: 2, subject: 'points-value', version: 1, schema: JSON.stringify(point) },
]);
/** "a" and {"x": 5} in Avro, after ids 1 and 2. */
const key = Buffer.from([0, 0, 0, 0, 1, 2, 97]);
const value = Buffer.from([0, 0, 0, 0, 2, 10]);

beforeAll(() => server.start());
afterAll(() => server.stop());

function readerOf(config: Partial<SchemaRegistryConfig>, pattern?: object): DecodingRecordReader {
  const criteria = pattern && { Filters: [{ Pattern: JSON.stringify({ value: pattern }) }] };
  const definition = { topic: 'points', filterCriteria: parseFilterCriteria(criteria) };
  return new DecodingRecordReader({
    definition: definition as MappingDefinition,
    config: {
      uri: undefined,
      accessTypes: [],
      recordFormat: 'JSON',
      attributes: ['KEY', 'VALUE'],
      ...config,
    },
    registry: new SchemaRegistry(server.url),
    problem: () => undefined,
  });
}

const message = (part: Partial<FetchedMessage>): FetchedMessage =>
  ({ key, value, timestamp: '1', offset: '0', headers: {}, ...part }) as FetchedMessage;

async function read(reader: DecodingRecordReader, ...messages: FetchedMessage[]) {
  await reader.prepareFor(messages, new AbortController().signal);
  return reader.read(0, messages);
}

const origin = {
  eventSource: { type: 'SelfManagedKafka' },
  bootstrapServers: ['b:1'],
  topic: 'points',
} as const;

/** The records of an event, with key and value as text. */
async function delivered(reader: DecodingRecordReader, ...messages: FetchedMessage[]) {
  const event = buildEvent(origin, await read(reader, ...messages)) as {
    records: Record<string, Record<string, string>[]>;
  };
  return event.records['points-0']?.map((record) => ({
    ...record,
    key: record['key'] === undefined ? undefined : Buffer.from(record['key'], 'base64').toString('latin1'),
    value:
      record['value'] === undefined ? undefined : Buffer.from(record['value'], 'base64').toString('latin1'),
  }));
}

const keySchemaMetadata = { dataFormat: 'AVRO', schemaId: '1' };
const valueSchemaMetadata = { dataFormat: 'AVRO', schemaId: '2' };

it('when keys and values are decoded to JSON, the event contains the JSON and the schemas', async () => {
  expect(await delivered(readerOf({}), message({}))).toMatchObject([
    { key: '"a"', keySchemaMetadata, value: '{"x":5}', valueSchemaMetadata },
  ]);
});

it('when the source format is requested, the event contains the bytes after the schema id', async () => {
  expect(await delivered(readerOf({ recordFormat: 'SOURCE' }), message({}))).toMatchObject([
    { key: '\u0002a', keySchemaMetadata, value: '\n', valueSchemaMetadata },
  ]);
});

it('when only values are decoded, keys are unchanged and have no metadata', async () => {
  const [record] = (await delivered(readerOf({ attributes: ['VALUE'] }), message({}))) ?? [];
  expect(record).toMatchObject({ key: key.toString('latin1'), valueSchemaMetadata });
  expect(record).not.toHaveProperty('keySchemaMetadata');
});

it('when key or value is null, nothing is decoded', async () => {
  const [record] = (await delivered(readerOf({}), message({ key: null, value: null }))) ?? [];
  expect(record).toMatchObject({ key: undefined, value: undefined });
  expect(record).not.toHaveProperty('keySchemaMetadata');
  expect(record).not.toHaveProperty('valueSchemaMetadata');
});

it.each(['JSON', 'SOURCE'] as const)(
  'when there are filters, they see the JSON (%s)',
  async (recordFormat) => {
    const other = message({ value: Buffer.from([0, 0, 0, 0, 2, 12]), offset: '1' });
    const records = await read(readerOf({ recordFormat }, { x: [6] }), message({}), other);
    expect(records.map(({ offset }) => offset)).toEqual([1]);
  },
);

it.each([
  ['has no schema id', Buffer.from('{"x":5}'), 'DESERIALIZATION_ERROR', 'the value carries no schema id'],
  ['names an unknown schema', Buffer.from([0, 0, 0, 0, 9, 1]), 'SCHEMA_NOT_FOUND', 'no schema 9'],
  ['does not fit', Buffer.from([0, 0, 0, 0, 2]), 'DESERIALIZATION_ERROR', 'the value does not fit schema 2'],
])(
  'when the value %s, the record is marked and neither filtered nor changed',
  async (_, bytes, condition, reason) => {
    const [record] = await read(readerOf({}, { x: [6] }), message({ value: bytes }));
    expect(record?.undecodable).toEqual({ condition, reason: expect.stringContaining(reason) as string });
    const event = buildEvent(origin, record ? [record] : []) as { records: Record<string, object[]> };
    expect(event.records['points-0']).toMatchObject([
      { key: key.toString('base64'), value: bytes.toString('base64') },
    ]);
  },
);

it('when a schema is not yet loaded, the reader is not ready', async () => {
  const reader = readerOf({});
  expect(reader.isReadyFor([message({})])).toBe(false);
  expect(reader.isReadyFor([message({ key: null, value: null })])).toBe(true);
  await reader.prepareFor([message({})], new AbortController().signal);
  expect(reader.isReadyFor([message({})])).toBe(true);
});
