import { capturedRecords, withProtobufSources } from '../testing/serialized-records.ts';
import { StandInRegistry, type StoredSchema } from '../testing/stand-in-registry.ts';
import { SchemaRegistry } from './schema-registry.ts';
import { readPrefix } from './wire-format.ts';

let server: StandInRegistry;

async function registryWith(...schemas: StoredSchema[]): Promise<SchemaRegistry> {
  server = new StandInRegistry(schemas);
  await server.start();
  return new SchemaRegistry(server.url);
}

const stored = (schema: unknown, more: Partial<StoredSchema> = {}): StoredSchema => ({
  id: 1,
  subject: 'orders-value',
  version: 1,
  schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
  ...more,
});

/** The JSON of a payload written with schema 1. */
async function jsonBy(registry: SchemaRegistry, payload: Buffer): Promise<string> {
  await registry.load(1);
  const schema = registry.find(1);
  if (schema?.type !== 'readable') throw new Error(JSON.stringify(schema));
  return schema.toJson(payload);
}

afterEach(async () => {
  await server.stop();
});

const captured = capturedRecords();

it.each(
  [...captured, ...captured.map(withProtobufSources)].flatMap(({ serializer, schemas, records }, index) =>
    records.map((record) => ({
      serializer,
      name: record.name,
      answer: index < captured.length ? 'as registered' : 'as source',
      schemas,
      record,
    })),
  ),
)(
  'when $serializer wrote the $name record, its JSON is read (schemas $answer)',
  async ({ schemas, record }) => {
    const registry = await registryWith(...schemas);
    const { schemaId, payload } = readPrefix(Buffer.from(record.bytes, 'base64')) ?? { schemaId: 0 };
    await registry.load(schemaId);
    const schema = registry.find(schemaId);
    const json = schema?.type === 'readable' && payload ? schema.toJson(payload) : JSON.stringify(schema);
    expect(JSON.parse(json)).toEqual(JSON.parse(record.json));
  },
);

it('when a number is beyond 2^53, JSON keeps all its digits', async () => {
  const registry = await registryWith(stored('"long"'));
  const minimum = Buffer.from('ffffffffffffffffff01', 'hex');
  expect(await jsonBy(registry, minimum)).toBe('-9223372036854775808');
});

it('when an Avro long has a default value, the schema is accepted', async () => {
  const fields = [{ name: 'n', type: 'long', default: 7 }];
  const registry = await registryWith(stored({ type: 'record', name: 'R', fields }));
  expect(await jsonBy(registry, Buffer.from([2]))).toBe('{"n":1}');
});

it('when an Avro schema refers to another, which refers to a third, all are fetched', async () => {
  const record = (name: string, type: string) => ({ type: 'record', name, fields: [{ name: 'f', type }] });
  const reference = (name: string) => ({ name, subject: name, version: 1 });
  const registry = await registryWith(
    stored(record('A', 'B'), { references: [reference('B')] }),
    stored(record('B', 'C'), { id: 2, subject: 'B', references: [reference('C')] }),
    stored(record('C', 'string'), { id: 3, subject: 'C' }),
  );
  expect(await jsonBy(registry, Buffer.from([2, 120]))).toBe('{"f":{"f":{"f":"x"}}}');
});

it('when a JSON Schema refers to another, both are validated against', async () => {
  const registry = await registryWith(
    stored(
      { $ref: 'sku.json' },
      { schemaType: 'JSON', references: [{ name: 'sku.json', subject: 's', version: 1 }] },
    ),
    stored({ type: 'string' }, { id: 2, subject: 's', schemaType: 'JSON' }),
  );
  expect(await jsonBy(registry, Buffer.from('"x"'))).toBe('"x"');
  await expect(jsonBy(registry, Buffer.from('1'))).rejects.toThrow('must be string');
});

it.each([
  'http://json-schema.org/draft-04/schema#',
  'http://json-schema.org/draft-06/schema#',
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2019-09/schema',
  'https://json-schema.org/draft/2020-12/schema',
])('when a JSON Schema is of %s, records are validated', async ($schema) => {
  const registry = await registryWith(stored({ $schema, type: 'integer' }, { schemaType: 'JSON' }));
  expect(await jsonBy(registry, Buffer.from('5'))).toBe('5');
  await expect(jsonBy(registry, Buffer.from('"5"'))).rejects.toThrow('must be integer');
});

it('when a JSON Schema is of draft-04, its bounds are exclusive as that draft writes it', async () => {
  const $schema = 'http://json-schema.org/draft-04/schema#';
  const schema = { $schema, id: 'http://shop.example/qty', minimum: 0, exclusiveMinimum: true };
  const registry = await registryWith(stored(schema, { schemaType: 'JSON' }));
  expect(await jsonBy(registry, Buffer.from('1'))).toBe('1');
  await expect(jsonBy(registry, Buffer.from('0'))).rejects.toThrow('must be > 0');
});

it.each([
  [
    'a draft-03 JSON Schema',
    { $schema: 'http://json-schema.org/draft-03/schema#' },
    'JSON',
    'older than draft-04',
  ],
  ['not Avro', { type: 'nonsense' }, 'AVRO', 'nonsense'],
  ['not Protobuf', 'message {', 'PROTOBUF', 'illegal'],
  ['of an unknown type', 'x', 'THRIFT', 'its type is THRIFT'],
])('when a schema is %s, it is unusable, with the reason', async (_, schema, schemaType, reason) => {
  const registry = await registryWith(stored(schema, { schemaType }));
  await registry.load(1);
  expect(registry.find(1)).toEqual({ type: 'unreadable', reason: expect.stringContaining(reason) as string });
});

it.each([
  ['Avro ends early', '"string"', 'AVRO', [8, 120]],
  ['Avro has trailing bytes', '"string"', 'AVRO', [2, 120, 120]],
  ['JSON is broken', '{}', 'JSON', [123]],
  ['Protobuf ends early', 'syntax = "proto3"; message M { string s = 1; }', 'PROTOBUF', [0, 10, 5, 120]],
  ['Protobuf has no such message', 'syntax = "proto3"; message M { string s = 1; }', 'PROTOBUF', [2, 2]],
  ['Protobuf has no indexes', 'syntax = "proto3"; message M { string s = 1; }', 'PROTOBUF', []],
])('when the bytes do not fit the schema (%s), decoding fails', async (_, schema, schemaType, bytes) => {
  const registry = await registryWith(stored(schema, { schemaType }));
  await expect(jsonBy(registry, Buffer.from(bytes))).rejects.toThrow();
});

it('when a schema is needed repeatedly, it is fetched once', async () => {
  const registry = await registryWith(stored('"string"'));
  await Promise.all([registry.load(1), registry.load(1)]);
  await registry.load(1);
  await registry.load(2);
  await registry.load(2);
  expect(registry.find(2)).toEqual({ type: 'unknown' });
  expect(server.requests).toEqual(['GET /schemas/ids/1', 'GET /schemas/ids/2']);
});

it('when the registry requires a password, it is taken from the URL', async () => {
  await registryWith(stored('"string"'));
  server.credentials = 'desk:p@ss';
  const url = server.url.replace('http://', 'http://desk:p%40ss@');
  expect(await jsonBy(new SchemaRegistry(url), Buffer.from([2, 120]))).toBe('"x"');
  await expect(new SchemaRegistry(server.url).load(1)).rejects.toMatchObject({
    code: 'SCHEMA_REGISTRY_UNAVAILABLE',
    message: expect.stringContaining('custom.kafkaEventSourceMapping.schemaRegistryUri') as string,
  });
});

it('when the registry fails or is unreachable, loading fails, and succeeds once it is back', async () => {
  const registry = await registryWith(stored('"string"'));
  server.isBroken = true;
  await expect(registry.load(1)).rejects.toThrow('it answers 500');
  server.isBroken = false;
  expect(await jsonBy(registry, Buffer.from([2, 120]))).toBe('"x"');
  await server.stop();
  await expect(registry.load(2)).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
});

it('when the server is not a registry, the error says so, and no record is given up', async () => {
  const registry = await registryWith();
  const elsewhere = new SchemaRegistry(`${server.url}/elsewhere`);
  await expect(elsewhere.load(1)).rejects.toThrow('it answers 404');
  expect(registry.find(1)).toBeUndefined();
});
