/** Serializes one order in each format with Confluent's JavaScript client; see capture.ts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, createFileRegistry, createMutableRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import {
  AvroSerializer,
  JsonSerializer,
  ProtobufSerializer,
  SchemaRegistryClient,
  SerdeType,
} from '@confluentinc/schemaregistry';

const client = new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const here = (file) => join(import.meta.dirname, file);
const read = (file) => readFileSync(here(file), 'utf8');
const { version } = JSON.parse(read('node_modules/@confluentinc/schemaregistry/package.json'));

/** Registers a schema and serializes with it. */
async function record(name, Serializer, schema, value, json) {
  await client.register(`${name}-value`, schema);
  const serializer = new Serializer(client, SerdeType.VALUE, { useLatestVersion: true });
  return { name, bytes: await serializer.serialize(name, value), json };
}

const descriptorFile = join(mkdtempSync(join(tmpdir(), 'protoc-')), 'orders.binpb');
const protoc = ['--include_imports', `--descriptor_set_out=${descriptorFile}`, 'orders.proto'];
execFileSync('protoc', protoc, { cwd: import.meta.dirname });
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorFile)));
const registry = createMutableRegistry(...[...files].filter(({ kind }) => kind === 'message'));

async function protobufRecord(name, typeName, init) {
  const config = { registry, autoRegisterSchemas: true };
  const message = create(registry.getMessage(typeName), init);
  const bytes = await new ProtobufSerializer(client, SerdeType.VALUE, config).serialize(name, message);
  return { name, bytes, json: toJson(registry.getMessage(typeName), message) };
}

const avroSchema = { schemaType: 'AVRO', schema: read('orders.avsc.json') };
const avroOrder = {
  orderId: 5,
  state: 'PAID',
  lines: [{ sku: 'ABC-001', quantity: 2 }],
  pricesBySku: { 'ABC-001': 9.5 },
  signature: Buffer.from([0, 255]),
  checksum: Buffer.from([1, 254]),
  placedAt: 1764306000123,
  note: 'gift',
  origin: { sku: 'OLD', quantity: 3 },
  weight: 1.5,
  isPaid: true,
};
const avroJson = { ...avroOrder, signature: '\u0000\u00ff', checksum: '\u0001\u00fe' };
const jsonSchema = { schemaType: 'JSON', schema: read('orders.schema.json') };
const jsonOrder = { orderId: 5, lines: [{ sku: 'ABC-001' }] };
const protobufOrder = {
  orderId: 9007199254740993n,
  state: 1,
  lines: [{ sku: 'ABC-001', quantity: -2 }],
  pricesBySku: { 'ABC-001': 9.5 },
  signature: Uint8Array.of(0, 255),
  placedAt: { seconds: 1764306000n, nanos: 123000000 },
  note: 'gift',
  customer: { customerId: 18446744073709551615n, nickName: '' },
  payment: { case: 'isCash', value: false },
};

const records = [
  await record('avro', AvroSerializer, avroSchema, avroOrder, avroJson),
  await record('json', JsonSerializer, jsonSchema, jsonOrder, jsonOrder),
  await protobufRecord('protobuf', 'shop.orders.Order', protobufOrder),
  await protobufRecord('protobuf-nested', 'shop.orders.Order.Line', { sku: 'ABC-001', quantity: 1 }),
  await protobufRecord('protobuf-first', 'shop.orders.Ping', { text: 'hello' }),
].map(({ name, bytes, json }) => ({ name, bytes: bytes.toString('base64'), json: JSON.stringify(json) }));
console.log(JSON.stringify({ serializer: `@confluentinc/schemaregistry ${version}`, records }));
