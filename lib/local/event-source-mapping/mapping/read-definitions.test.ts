import type { Serverless } from '../host/serverless.ts';
import { foreignMappings, readDefinitions } from './read-definitions.ts';

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const plain = (text: string) => upperFirst(text.replaceAll(/[^a-zA-Z0-9]/g, ''));

/** A service as the framework passes it to plugins. */
function host(service: object): Serverless {
  const provider = {
    getStage: () => 'dev',
    naming: {
      getLambdaLogicalId: (key: string) => `${upperFirst(key)}LambdaFunction`,
      getKafkaEventLogicalId: (key: string, topic: string) =>
        `${upperFirst(key)}EventSourceMappingKafka${plain(topic)}`,
      getMSKEventLogicalId: (key: string, cluster: string, topic: string) =>
        `${upperFirst(key)}EventSourceMappingMSK${plain(cluster)}${plain(topic)}`,
    },
  };
  const complete = { service: 'shop', provider: {}, ...service };
  return { service: complete, getProvider: () => provider } as unknown as Serverless;
}

const kafka = (properties: object = {}) => ({ topic: 'orders', bootstrapServers: ['b:9092'], ...properties });
const one = (event: object, extension: object = {}) => {
  const [definition] = readDefinitions(
    host({
      functions: { notify: { name: 'shop-dev-notify', events: [{ kafka: kafka(event) }] } },
      resources: { extensions: { NotifyEventSourceMappingKafkaOrders: { Properties: extension } } },
    }),
  );
  if (!definition) throw new Error('no definition');
  return definition;
};

/** An extension with a schema registry. */
const registry = (config: object) => ({
  ProvisionedPollerConfig: { MinimumPollers: 1 },
  SelfManagedKafkaEventSourceConfig: {
    SchemaRegistryConfig: {
      SchemaRegistryURI: 'https://schemas:8081',
      EventRecordFormat: 'JSON',
      SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
      ...config,
    },
  },
});

it('when nothing is set, the defaults are those of AWS and the framework', () => {
  expect(one({})).toEqual({
    functionKey: 'notify',
    functionName: 'shop-dev-notify',
    functionTimeoutMs: 6000,
    topic: 'orders',
    eventSource: { type: 'SelfManagedKafka' },
    bootstrapServers: ['b:9092'],
    groupId: 'shop-dev-notify-orders',
    enabled: true,
    startingPosition: { type: 'TRIM_HORIZON' },
    batchSize: 100,
    batchWindowMs: 500,
    schemaRegistry: undefined,
    filterCriteria: { filters: [], unprovenOperators: [] },
    retryPolicy: {
      maximumRetryAttempts: Infinity,
      maximumRecordAgeMs: Infinity,
      bisectBatchOnFunctionError: false,
      reportBatchItemFailures: false,
    },
    failureDestination: undefined,
    provisionedOnly: [],
    unknownProperties: [],
  });
});

it('when there is a schema registry, it is read from the configuration of both event sources', () => {
  const expected = {
    uri: 'https://schemas:8081',
    accessTypes: [] as string[],
    recordFormat: 'JSON',
    attributes: ['VALUE'],
  };
  const { SelfManagedKafkaEventSourceConfig: config } = registry({});
  const access = {
    AccessConfigs: [{ Type: 'BASIC_AUTH', URI: 'arn:aws:secretsmanager:us-east-1:1:secret:r' }],
  };
  expect(one({}, registry(access)).schemaRegistry).toEqual({ ...expected, accessTypes: ['BASIC_AUTH'] });
  const managed = { ...registry({}), SelfManagedKafkaEventSourceConfig: undefined };
  expect(one({}, { ...managed, AmazonManagedKafkaEventSourceConfig: config }).schemaRegistry).toEqual(
    expected,
  );
  const intrinsic = registry({ SchemaRegistryURI: { 'Fn::ImportValue': 'registry' } });
  expect(one({}, intrinsic).schemaRegistry).toEqual({ ...expected, uri: undefined });
});

it('when the window is 0, the event drops it as a deployment does, and the extension keeps it', () => {
  expect(one({ maximumBatchingWindow: 0 }).batchWindowMs).toBe(500);
  expect(one({}, { MaximumBatchingWindowInSeconds: 0 }).batchWindowMs).toBe(0);
  expect(one({ maximumBatchingWindow: 2 }).batchWindowMs).toBe(2000);
});

it('when both set a property, the extension wins, even with numbers as strings', () => {
  expect(one({ batchSize: 5 }, { BatchSize: '7' }).batchSize).toBe(7);
});

it('when retries are unlimited and there is a destination, they are limited to ten', () => {
  const destination = { onFailureDestination: 'kafka://failed' };
  expect(one(destination).retryPolicy.maximumRetryAttempts).toBe(10);
  expect(one(destination, { MaximumRetryAttempts: -1 }).retryPolicy.maximumRetryAttempts).toBe(10);
  expect(one(destination, { MaximumRetryAttempts: 0 }).retryPolicy.maximumRetryAttempts).toBe(0);
  expect(one({ onFailureDestination: '' }).failureDestination).toBeUndefined();
});

it('when properties need provisioned mode, they are listed unless it is configured', () => {
  const extension = { MaximumRetryAttempts: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] };
  expect(one({}, extension).provisionedOnly).toEqual(['MaximumRetryAttempts', 'FunctionResponseTypes']);
  expect(one({ provisionedPollerConfig: { minimumPollers: 1 } }, extension).provisionedOnly).toEqual([]);
  expect(one({ onFailureDestination: 'kafka://failed' }).provisionedOnly).toHaveLength(1);
});

it('when a property of the extension is misspelled, it is listed', () => {
  expect(one({}, { MaxRetryAttempts: 1 }).unknownProperties).toEqual(['MaxRetryAttempts']);
});

it('when one function has several triggers, each topic has its own group; of two on one topic the last wins', () => {
  const events = [
    { kafka: kafka({ topic: 'a' }) },
    { http: 'GET /' },
    { kafka: kafka({ topic: 'b', batchSize: 1 }) },
    { kafka: kafka({ topic: 'b', batchSize: 2 }) },
    { msk: { arn: 'arn:aws:kafka:us-east-1:1:cluster/demo/uuid', topic: 'a', consumerGroupId: 'mine' } },
  ];
  const functions = { silent: {}, many: { events } };
  const definitions = readDefinitions(host({ functions, provider: { timeout: 20 } }));
  expect(definitions.map(({ topic, groupId, batchSize }) => [topic, groupId, batchSize])).toEqual([
    ['a', 'shop-dev-many-a', 100],
    ['b', 'shop-dev-many-b', 2],
    ['a', 'mine', 100],
  ]);
  expect(definitions[2]).toMatchObject({ eventSource: { type: 'aws:kafka' }, functionTimeoutMs: 20_000 });
});

it('when resources and functions are lists, as the framework reads them from several files, all are read', () => {
  const definitions = readDefinitions(
    host({
      functions: [{ a: { events: [{ kafka: kafka() }] } }, { b: { events: null } }],
      resources: [{}, { extensions: { AEventSourceMappingKafkaOrders: { Properties: { BatchSize: 3 } } } }],
    }),
  );
  expect(definitions).toMatchObject([{ functionKey: 'a', functionName: 'shop-dev-a', batchSize: 3 }]);
});

/** A service with one function and one mapping as a plain resource. */
const withResource = (properties: object, extension?: object) =>
  host({
    functions: { notify: {} },
    resources: {
      Resources: {
        OrdersMapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: { 'Fn::GetAtt': ['NotifyLambdaFunction', 'Arn'] },
            Topics: ['orders'],
            StartingPosition: 'LATEST',
            SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['b:9092'] } },
            ...properties,
          },
        },
        Queue: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: 'arn:aws:sqs:q' } },
        Table: { Type: 'AWS::DynamoDB::Table' },
      },
      extensions: { OrdersMapping: { Properties: extension } },
    },
  });

it('when a mapping is a plain resource, it is read like an event, with its own group', () => {
  const definitions = readDefinitions(
    withResource({ BatchSize: 5, MaximumBatchingWindowInSeconds: 0 }, { BatchSize: 7 }),
  );
  expect(definitions).toMatchObject([
    {
      functionKey: 'notify',
      functionName: 'shop-dev-notify',
      topic: 'orders',
      eventSource: { type: 'SelfManagedKafka' },
      bootstrapServers: ['b:9092'],
      groupId: 'shop-dev-notify-OrdersMapping',
      startingPosition: { type: 'LATEST' },
      batchSize: 7,
      batchWindowMs: 0,
    },
  ]);
});

it('when a plain resource has the ARN of an MSK cluster, its events contain it', () => {
  const arn = 'arn:aws:kafka:us-east-1:1:cluster/demo/uuid';
  const [managed] = readDefinitions(withResource({ EventSourceArn: arn, SelfManagedEventSource: undefined }));
  expect(managed?.eventSource).toEqual({ type: 'aws:kafka', arn });
});

it.each([
  [{ Ref: 'NotifyLambdaFunction' }],
  [{ 'Fn::GetAtt': 'NotifyLambdaFunction.Arn' }],
  [{ 'Fn::Sub': '${NotifyLambdaFunction.Arn}:live' }],
  [{ 'Fn::Join': [':', ['arn:aws:lambda', { Ref: 'AWS::Region' }, '1', 'function', 'shop-dev-notify']] }],
  ['shop-dev-notify'],
  ['shop-dev-notify:live'],
  ['arn:aws:lambda:us-east-1:123456789012:function:shop-dev-notify'],
])('when a plain resource names its function by %j, the function is found', (FunctionName) => {
  const serverless = withResource({ FunctionName });
  expect(readDefinitions(serverless)).toMatchObject([{ functionKey: 'notify' }]);
  expect(foreignMappings(serverless)).toEqual([]);
});

it('when a plain resource is for a function of another service, it is listed as foreign, not run', () => {
  const serverless = withResource({
    FunctionName: 'arn:aws:lambda:us-east-1:1:function:shop-dev-notify-more',
  });
  expect(readDefinitions(serverless)).toEqual([]);
  expect(foreignMappings(serverless)).toEqual(['OrdersMapping']);
});

it('when a plain resource has the logical id of an event, it extends the event', () => {
  const Resources = { AEventSourceMappingKafkaOrders: { Properties: { BatchSize: 3 } } };
  const functions = { a: { events: [{ kafka: kafka() }] } };
  expect(readDefinitions(host({ functions, resources: { Resources } }))).toMatchObject([{ batchSize: 3 }]);
});

it.each([
  ['topic "", resource "OrdersMapping": Topics is missing', { Topics: undefined }],
  ['topic "orders", resource "OrdersMapping": StartingPosition is missing', { StartingPosition: undefined }],
  [
    'ConsumptionMode is "Queue", but must be Stream: share groups (Queue, on AWS since 30 October 2026',
    { SelfManagedKafkaEventSourceConfig: { ConsumptionMode: 'Queue' } },
  ],
])('when a plain resource is invalid (%s), it is refused', (text, properties) => {
  expect(() => readDefinitions(withResource(properties))).toThrow(text);
});

it.each([
  ['batchSize is 1.5', { batchSize: 1.5 }, {}],
  [
    'startingPositionTimestamp is 4102444800000',
    { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 4102444800000 },
    {},
  ],
  ['MaximumRecordAgeInSeconds is 59', {}, { MaximumRecordAgeInSeconds: 59 }],
  ['MaximumRetryAttempts is 10001', {}, { MaximumRetryAttempts: 10001 }],
  ['BisectBatchOnFunctionError is "yes"', {}, { BisectBatchOnFunctionError: 'yes' }],
  ['DestinationConfig.OnSuccess is', {}, { DestinationConfig: { OnSuccess: { Destination: 'kafka://ok' } } }],
  [
    'DestinationConfig is "kafka://a b"',
    {},
    { DestinationConfig: { OnFailure: { Destination: 'kafka://a b' } } },
  ],
  ['Topics is ["orders","more"]', {}, { Topics: ['orders', 'more'] }],
  ['topic is ["bad topic"]', { topic: 'bad topic' }, {}],
  [
    'SchemaRegistryConfig.SchemaRegistryURI is "registry:8081"',
    {},
    registry({ SchemaRegistryURI: 'registry:8081' }),
  ],
  ['SchemaRegistryConfig.EventRecordFormat is missing', {}, registry({ EventRecordFormat: undefined })],
  ['SchemaRegistryConfig.SchemaValidationConfigs is []', {}, registry({ SchemaValidationConfigs: [] })],
  ['SchemaRegistryConfig.AccessConfigs is [{"Type":"X"}]', {}, registry({ AccessConfigs: [{ Type: 'X' }] })],
  [
    'SchemaRegistryConfig.SchemaRegistryURI is arn:aws:glue:us-east-1:1:registry/r, but records of an AWS Glue registry',
    {},
    registry({ SchemaRegistryURI: 'arn:aws:glue:us-east-1:1:registry/r' }),
  ],
  [
    'AWS supports SchemaRegistryConfig only in provisioned mode: add ProvisionedPollerConfig',
    {},
    { ...registry({}), ProvisionedPollerConfig: undefined },
  ],
  ['filterPatterns: invalid filter pattern definition', { filterPatterns: [{ value: 'x' }] }, {}],
])(
  'when a setting is invalid (%s), the message names the function, topic and property',
  (text, event, extension) => {
    const topic = 'topic' in event ? event.topic : 'orders';
    expect(() => one(event, extension)).toThrow(`Function "notify", topic "${topic}": ${text}`);
  },
);
