import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { recordsOf, textOf, type Call, type TriggerSpec } from './testing/offline-service.ts';
import { capturedRecords, type CapturedRecord } from './testing/serialized-records.ts';
import { StandInRegistry } from './testing/stand-in-registry.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const [captured] = capturedRecords();
if (!captured) throw new Error('There are no captured records.');
const registry = new StandInRegistry(captured.schemas);
await registry.start();

function decoding(
  topic: string,
  config: Record<string, unknown> = {},
  more: Partial<TriggerSpec> = {},
): TriggerSpec {
  const SchemaRegistryConfig = {
    SchemaRegistryURI: registry.url,
    EventRecordFormat: 'JSON',
    SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
    ...config,
  };
  return {
    topic,
    handler: 'succeed',
    ...more,
    extension: {
      ...noWait,
      ProvisionedPollerConfig: { MinimumPollers: 1 },
      SelfManagedKafkaEventSourceConfig: { SchemaRegistryConfig },
      ...more.extension,
    },
  };
}

const both = { SchemaValidationConfigs: [{ Attribute: 'KEY' }, { Attribute: 'VALUE' }] };
const toFiles = (bucket: string) => ({
  extension: { DestinationConfig: { OnFailure: { Destination: `arn:aws:s3:::${bucket}` } } },
});
const filtered = { event: { filterPatterns: [{ value: { orderId: [{ numeric: ['<', 0] }] } }] } };

const scene = new TriggerScene((topic) => ({
  json: decoding(topic('json'), both),
  source: decoding(topic('source'), { EventRecordFormat: 'SOURCE' }),
  filtered: decoding(topic('filtered'), {}, filtered),
  misfits: decoding(topic('misfits'), {}, toFiles('misfits-bucket')),
  dropped: decoding(topic('dropped')),
  patient: decoding(topic('patient')),
}));

function bytesOf(name: string): Buffer {
  return Buffer.from(recordNamed(name).bytes, 'base64');
}

function recordNamed(name: string): CapturedRecord {
  const record = captured?.records.find((one) => one.name === name);
  if (!record) throw new Error(`There is no captured record "${name}".`);
  return record;
}

const parsed = (call: Call) =>
  recordsOf(call).map((record) => JSON.parse(textOf(record) ?? 'null') as unknown);
const expected = (name: string) => JSON.parse(recordNamed(name).json) as unknown;

scene.runForAllTests();
afterAll(() => registry.stop());

it('when records are of all three formats, the function gets their JSON and their schemas', async () => {
  await scene.broker.send(scene.topic('json'), [
    { key: bytesOf('avro-key'), value: bytesOf('avro') },
    { value: bytesOf('protobuf') },
    { value: bytesOf('json') },
  ]);
  await scene.committed('json', 3);
  const records = scene.service.calls('json').flatMap(recordsOf);
  expect(scene.service.calls('json').flatMap(parsed)).toEqual(['avro', 'protobuf', 'json'].map(expected));
  expect(records[0]).toMatchObject({
    key: Buffer.from('"order-5"').toString('base64'),
    keySchemaMetadata: { dataFormat: 'AVRO', schemaId: '3' },
    valueSchemaMetadata: { dataFormat: 'AVRO', schemaId: '1' },
  });
  expect(records[1]).toMatchObject({ valueSchemaMetadata: { dataFormat: 'PROTOBUF', schemaId: '6' } });
  expect(records[2]).toMatchObject({ valueSchemaMetadata: { dataFormat: 'JSON', schemaId: '4' } });
});

it('when the source format is requested, only the schema id is removed', async () => {
  await scene.broker.send(scene.topic('source'), [{ value: bytesOf('protobuf-nested') }]);
  const [call] = await scene.callsOf('source', 1);
  const [record] = call ? recordsOf(call) : [];
  expect(record?.value).toBe(bytesOf('protobuf-nested').subarray(5).toString('base64'));
  expect(record).toMatchObject({ valueSchemaMetadata: { dataFormat: 'PROTOBUF', schemaId: '7' } });
});

it('when there are filters, they see the decoded JSON', async () => {
  await scene.broker.send(scene.topic('filtered'), [
    { value: bytesOf('avro') },
    { value: bytesOf('avro-bare') },
  ]);
  await scene.committed('filtered', 2);
  expect(scene.service.offsets('filtered')).toEqual([[1]]);
});

it('when a record does not fit its schema, it goes to the failure destination unchanged, and the others continue', async () => {
  const unknown = Buffer.from([0, 0, 0, 1, 0, 1]);
  await scene.broker.send(scene.topic('misfits'), [
    { key: 'k', value: 'plain text' },
    { value: bytesOf('avro') },
    { value: unknown },
  ]);
  await scene.committed('misfits', 3);
  expect(scene.service.calls('misfits').flatMap(parsed)).toEqual([expected('avro')]);
  const [misfit, missing] = scene.filesOf('misfits-bucket') as { payload: string }[];
  expect(misfit).toMatchObject({
    requestContext: { condition: 'DESERIALIZATION_ERROR' },
    responseContext: null,
  });
  expect(misfit?.payload).toContain(Buffer.from('plain text').toString('base64'));
  expect(missing).toMatchObject({ requestContext: { condition: 'SCHEMA_NOT_FOUND' } });
  expect(scene.service.output).toContain(
    '(SCHEMA_NOT_FOUND: the registry has no schema 256, which the value names)',
  );
});

it('when there is no failure destination, a record that does not fit its schema is dropped with an error', async () => {
  await scene.send('dropped', 'plain text');
  await scene.committed('dropped', 1);
  expect(scene.service.calls('dropped')).toEqual([]);
  expect(scene.service.output).toMatch(
    /partition 0, offset 0 SKIPPED \(DESERIALIZATION_ERROR: the value carries no schema id/,
  );
});

it('when the registry is down, records wait and none is lost', async () => {
  registry.isBroken = true;
  await scene.broker.send(scene.topic('patient'), [{ value: bytesOf('json') }]);
  await eventually('the problem is reported', () =>
    scene.service.output.includes('the schema registry cannot be read, retrying: it answers 500'),
  );
  expect(await scene.committedOffsets('patient')).toEqual([0]);
  registry.isBroken = false;
  await scene.committed('patient', 1);
  expect(scene.service.calls('patient').flatMap(parsed)).toEqual([expected('json')]);
});
