import { jest } from '@jest/globals';
import { TestBroker } from './testing/broker.ts';
import { freshTopic, OfflineService, serviceOf, type TriggerSpec } from './testing/offline-service.ts';

jest.setTimeout(60_000);

const topic = 'orders';
const extension = (properties: Record<string, unknown>): TriggerSpec => ({
  topic,
  handler: 'succeed',
  extension: properties,
});
const event = (properties: Record<string, unknown>): TriggerSpec => ({
  topic,
  handler: 'succeed',
  event: properties,
});
const wrong: Record<string, [TriggerSpec, string]> = {
  batchZero: [event({ batchSize: 0 }), 'batchSize is 0, but must be a whole number from 1 to 10000'],
  batchHuge: [
    extension({ BatchSize: 20000 }),
    'BatchSize is 20000, but must be a whole number from 1 to 10000',
  ],
  windowHuge: [
    event({ maximumBatchingWindow: 301 }),
    'maximumBatchingWindow is 301, but must be a whole number',
  ],
  position: [
    event({ startingPosition: 'MIDDLE' }),
    'startingPosition is "MIDDLE", but must be LATEST, TRIM_HORIZON or AT_TIMESTAMP',
  ],
  noTimestamp: [
    event({ startingPosition: 'AT_TIMESTAMP' }),
    'startingPositionTimestamp is missing, but must be set',
  ],
  responseType: [
    extension({ FunctionResponseTypes: ['Report'] }),
    'FunctionResponseTypes is ["Report"], but must be',
  ],
  retries: [
    extension({ MaximumRetryAttempts: -5 }),
    'MaximumRetryAttempts is -5, but must be -1 (endless) or',
  ],
  age: [
    extension({ MaximumRecordAgeInSeconds: 5 }),
    'MaximumRecordAgeInSeconds is 5, but must be -1 (endless) or',
  ],
  itself: [
    event({ onFailureDestination: `kafka://${topic}` }),
    `onFailureDestination is "kafka://${topic}", but must`,
  ],
  destination: [
    event({ onFailureDestination: 'queue' }),
    'onFailureDestination is "queue", but must be kafka://',
  ],
  filter: [
    event({ filterPatterns: [{ eventName: ['INSERT'] }] }),
    'filterPatterns: invalid filter pattern definition',
  ],
  group: [event({ consumerGroupId: 'my group' }), 'consumerGroupId is "my group", but must be at most 200'],
  brokers: [
    event({ bootstrapServers: ['localhost'] }),
    'bootstrapServers is ["localhost"], but must be 1 to 10 brokers',
  ],
};

let service: OfflineService;

afterEach(async () => {
  await service.remove();
});

it('when settings are invalid, the start is refused with one sentence for each', async () => {
  const specs = Object.entries(wrong).map(([key, [spec]]) => [key, spec] as const);
  service = new OfflineService(serviceOf(Object.fromEntries(specs)));
  expect(await service.run('offline', 'start')).toBe(1);
  for (const [key, [, sentence]] of Object.entries(wrong)) {
    expect(service.output).toContain(`Function "${key}", topic "${topic}": ${sentence}`);
  }
  expect(service.output).not.toContain('    at ');
});

it('when it is started with bare "serverless offline", it refuses and names the right command', async () => {
  service = new OfflineService(serviceOf({ some: { topic, handler: 'succeed' } }));
  expect(await service.run('offline')).toBe(1);
  expect(service.output).toContain('Kafka triggers need "serverless offline start"');
});

it('when an msk event has no brokers to read from, the message names the missing setting', async () => {
  service = new OfflineService(mskService({}));
  expect(await service.run('offline', 'start')).toBe(1);
  expect(service.output).toMatch(/custom\.kafkaEventSourceMapping\.bootstrapServers/);
});

it('when a schema registry requires a secret, the message names the setting for one without', async () => {
  const SchemaRegistryConfig = {
    SchemaRegistryURI: 'https://schemas.example',
    EventRecordFormat: 'JSON',
    SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
    AccessConfigs: [{ Type: 'BASIC_AUTH', URI: 'arn:aws:secretsmanager:us-east-1:1:secret:registry' }],
  };
  const spec = extension({
    ProvisionedPollerConfig: { MinimumPollers: 1 },
    SelfManagedKafkaEventSourceConfig: { SchemaRegistryConfig },
  });
  service = new OfflineService(serviceOf({ decoding: spec }));
  expect(await service.run('offline', 'start')).toBe(1);
  expect(service.output).toContain('the secrets of AccessConfigs (BASIC_AUTH) are not read here');
  expect(service.output).toContain('custom.kafkaEventSourceMapping.schemaRegistryUri');
});

it('when options make the laptop differ from AWS, it warns once about each', async () => {
  const late = freshTopic('warned');
  service = new OfflineService({
    ...serviceOf({
      slow: {
        topic: late,
        handler: 'succeed',
        definition: { timeout: 850 },
        extension: { MaximumRetryAttempts: 3 },
      },
    }),
    custom: { 'serverless-offline': { reloadHandler: true } },
  });
  await service.start('--useInProcess');
  const { output } = service;
  expect(output).toMatch(/reloadHandler starts a new worker/);
  expect(output).toMatch(/useInProcess runs all batches in one module/);
  expect(output).toMatch(/a timeout of 850 s is too long, AWS allows 840 s/);
  expect(output.match(/MaximumRetryAttempts need provisioned mode on AWS/g)).toHaveLength(1);
});

it('when an msk event gets its brokers from the setting, its events contain the cluster', async () => {
  const broker = new TestBroker();
  const name = freshTopic('msk');
  await broker.createTopic(name);
  await broker.send(name, [{ value: 'x' }]);
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  service = new OfflineService(mskService({ kafkaEventSourceMapping: { bootstrapServers: brokers } }, name));
  await service.start();
  const call = await service.firstCall('managed');
  expect(call.event).toMatchObject({
    eventSource: 'aws:kafka',
    eventSourceArn: clusterArn,
    bootstrapServers: brokers.join(),
  });
  expect(await service.runBeside('kafka', 'lag', '--all')).toMatch(
    new RegExp(`^managed ← ${name} .* stranger-dev-managed-demo-${name}$`, 'm'),
  );
});

const clusterArn = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/5f2e7b1c-0000-4000-8000-000000000000-1';

function mskService(custom: Record<string, unknown>, name = topic): Record<string, unknown> {
  const managed = { handler: 'handlers.succeed', events: [{ msk: { arn: clusterArn, topic: name } }] };
  return { ...serviceOf({}), custom, functions: { managed } };
}
