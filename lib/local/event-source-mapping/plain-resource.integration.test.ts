import { jest } from '@jest/globals';
import { brokers, TestBroker } from './testing/broker.ts';
import { freshTopic, OfflineService, recordsOf, serviceOf, textOf } from './testing/offline-service.ts';

jest.setTimeout(60_000);

const topic = freshTopic('plain-resource');
let service: OfflineService;

/** A service whose mappings are plain resources; its function has no event. */
function serviceWith(mappings: Record<string, Record<string, unknown>>): Record<string, unknown> {
  const Resources = Object.entries(mappings).map(([logicalId, properties]) => [
    logicalId,
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { 'Fn::GetAtt': ['PlainLambdaFunction', 'Arn'] },
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: brokers() } },
        StartingPosition: 'TRIM_HORIZON',
        Topics: [topic],
        ...properties,
      },
    },
  ]);
  return {
    ...serviceOf({}),
    functions: { plain: { handler: 'handlers.succeed' } },
    resources: { Resources: Object.fromEntries(Resources) as Record<string, unknown> },
  };
}

afterEach(async () => {
  await service.remove();
});

it('when mappings are plain resources, each reads its topic, and there is a warning about one of another service', async () => {
  const broker = new TestBroker();
  await broker.createTopic(topic);
  await broker.send(topic, [{ value: 'a' }]);
  const elsewhere = { FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:elsewhere' };
  service = new OfflineService(serviceWith({ Orders: {}, Elsewhere: elsewhere }));
  await service.start();
  expect(recordsOf(await service.firstCall('plain')).map(textOf)).toEqual(['a']);
  expect(service.output).toContain('Resource "Elsewhere" names no function of this service');
  expect(await service.runBeside('kafka', 'lag', '--all')).toMatch(/stranger-dev-plain-Orders$/m);
});

it('when such a resource requires share groups, the start is refused with a sentence', async () => {
  const queue = { SelfManagedKafkaEventSourceConfig: { ConsumptionMode: 'Queue' } };
  service = new OfflineService(serviceWith({ Orders: queue }));
  expect(await service.run('offline', 'start')).toBe(1);
  expect(service.output).toContain(
    `Function "plain", topic "${topic}", resource "Orders": ConsumptionMode is "Queue", but must be Stream`,
  );
});
