import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeRecord, type FetchedMessage } from '../delivery/lambda-event.ts';
import { createKafka } from '../kafka/client.ts';
import { silentLog } from '../testing/broker.ts';
import { commandInput } from './aws-destination.ts';
import { createDestination } from './create-destination.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import { failureMessage, failureObject, failureRecord } from './failure-record.ts';

const arn = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/uuid';
const origin = {
  functionName: 'shop-dev-notify',
  topic: 'Topic',
  bootstrapServers: ['b:9092'],
  eventSource: { type: 'aws:kafka', arn },
} as const;
const message = (offset: string, timestamp: string) =>
  ({ offset, timestamp, key: Buffer.from('k'), value: null, attributes: 0, headers: {} }) as FetchedMessage;
const records = [
  serializeRecord('Topic', 0, message('15', '1573690515000')),
  serializeRecord('Topic', 0, message('20', '1573690516000')),
];
const batch: FailedBatch = {
  records,
  condition: 'RetryAttemptsExhausted',
  invocations: 3,
  failedAt: new Date('2019-11-14T00:38:06.021Z'),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'destinations-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const create = (destination: string, awsEndpoint?: string, serviceDir = folder) =>
  createDestination(destination, {
    kafka: createKafka(['127.0.0.1:1'], {}, silentLog),
    settings: awsEndpoint === undefined ? {} : { awsEndpoint },
    serviceDir,
    origin,
  });

it('when a record could not be decoded, its failure record says so, and that no function was called', () => {
  const undecoded: FailedBatch = { ...batch, condition: 'DESERIALIZATION_ERROR', invocations: 0 };
  expect(failureRecord(origin, undecoded)).toMatchObject({
    requestContext: { condition: 'DESERIALIZATION_ERROR', approximateInvokeCount: 0 },
    responseContext: null,
  });
});

it('when a batch is given up, its failure record gives its position in AWS’s format', () => {
  expect(failureRecord(origin, batch)).toEqual({
    requestContext: {
      requestId: expect.any(String) as string,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-notify',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2019-11-14T00:38:06.021Z',
    KafkaBatchInfo: {
      batchSize: 2,
      eventSourceArn: arn,
      bootstrapServers: 'b:9092',
      payloadSize: expect.any(Number) as number,
      recordsInfo: {
        'Topic-0': {
          firstRecordOffset: '15',
          lastRecordOffset: '20',
          firstRecordTimestamp: '2019-11-14T00:15:15.000Z',
          lastRecordTimestamp: '2019-11-14T00:15:16.000Z',
        },
      },
    },
  });
});

it('when the function was not called, there is no response', () => {
  const tooLarge = { ...batch, condition: 'MaximumPayloadSizeExceeded', invocations: 0 } as const;
  expect(failureRecord(origin, tooLarge)).toMatchObject({ responseContext: null });
});

it('when it goes to S3, the event is included as text; to a topic, as an object with one record', () => {
  const { payload } = failureObject(origin, batch) as { payload: string };
  expect(JSON.parse(payload)).toMatchObject({ records: { 'Topic-0': [{ offset: 15 }, { offset: 20 }] } });
  expect(records[1] && failureMessage(origin, batch, records[1])).toMatchObject({
    requestContext: { condition: 'RetriesExhausted' },
    KafkaBatchInfo: { batchSize: 1, recordInfo: { offset: '20', timestamp: '2019-11-14T00:15:16.000Z' } },
    payload: { eventSource: 'aws:kafka', records: { 'Topic-0': [{ offset: 20, key: 'aw==' }] } },
  });
});

it.each(['arn:aws:sqs:us-east-1:123456789012:failed', 'arn:aws:sns:us-east-1:123456789012:failed'])(
  'when no endpoint is set for %s, the record is a file of the service',
  async (destination) => {
    await create(destination).send(batch);
    const files = readdirSync(join(folder, '.local/failure-destinations/failed'));
    expect(files).toEqual(['2019-11-14T00-38-06.021Z-partition-0-offset-15.json']);
    const stored = readFileSync(join(folder, '.local/failure-destinations/failed', files[0] ?? ''), 'utf8');
    expect(JSON.parse(stored)).toMatchObject({ KafkaBatchInfo: { batchSize: 2 } });
  },
);

it('when an endpoint is set, the record is sent there with the service’s SDK', async () => {
  const bodies: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => bodies.push(new URLSearchParams(body)));
    request.on('end', () => response.setHeader('content-type', 'text/xml').end('<PublishResponse/>'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const destination = create('arn:aws:sns:us-east-1:123456789012:failed', endpoint, process.cwd());
  await destination.send(batch);
  await destination.close();
  server.close();
  expect(bodies[0]?.get('TopicArn')).toBe('arn:aws:sns:us-east-1:123456789012:failed');
  expect(JSON.parse(bodies[0]?.get('Message') ?? '')).toMatchObject({ KafkaBatchInfo: { batchSize: 2 } });
});

it('when the service does not have the SDK, the message says what to install', async () => {
  const destination = create('arn:aws:sqs:us-east-1:123456789012:failed', 'http://127.0.0.1:1');
  await expect(destination.send(batch)).rejects.toMatchObject({
    code: 'AWS_SDK_MISSING',
    message: 'install @aws-sdk/client-sqs to send failed records there',
  });
});

it('when the destination is a queue or a bucket, the command names it', () => {
  const target = { endpoint: 'http://localhost:4566', serviceDir: folder };
  const queue = { ...target, service: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:failed' } as const;
  expect(commandInput(queue, '{}', batch)).toEqual({
    QueueUrl: 'http://localhost:4566/123456789012/failed',
    MessageBody: '{}',
  });
  const bucket = { ...target, service: 's3', arn: 'arn:aws:s3:::failed-bucket/prefix' } as const;
  expect(commandInput(bucket, '{}', batch)).toEqual({
    Bucket: 'failed-bucket',
    Key: expect.stringMatching(/^aws\/lambda\/2019\/11\/14\/2019-11-14T00:38:06\.021Z-/) as string,
    Body: '{}',
  });
});
