import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { recordsOf } from './testing/offline-service.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene(
  (topic) => ({
    endless: { topic: topic('endless'), handler: 'failThreeTimes', extension: noWait },
    blocked: { topic: topic('blocked'), handler: 'failOnPoison', extension: noWait },
    limited: {
      topic: topic('limited'),
      handler: 'failOnPoison',
      event: { batchSize: 2 },
      extension: { ...noWait, MaximumRetryAttempts: 2 },
    },
    tenRetries: {
      topic: topic('ten-retries'),
      handler: 'failOnPoison',
      event: { onFailureDestination: 'arn:aws:sqs:us-east-1:123456789012:failed-queue' },
      extension: noWait,
    },
    toTopic: {
      topic: topic('to-topic'),
      handler: 'failOnPoison',
      event: { onFailureDestination: `kafka://${topic('failed')}` },
      extension: { ...noWait, MaximumRetryAttempts: 0 },
    },
    bisected: {
      topic: topic('bisected'),
      handler: 'failOnPoison',
      extension: {
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        MaximumBatchingWindowInSeconds: 1,
      },
    },
    tooOld: {
      topic: topic('too-old'),
      handler: 'succeed',
      extension: { ...noWait, MaximumRecordAgeInSeconds: 60 },
    },
  }),
  { partitions: { blocked: 3 } },
);

scene.runForAllTests();

beforeAll(async () => {
  // Slow by nature, so it runs in parallel with the other tests.
  await scene.send('ten-retries', 'poison');
});

it('when the function fails, the same batch is retried with growing delays until it succeeds', async () => {
  await scene.send('endless', '1', '2');
  const calls = await scene.callsOf('endless', 4);
  expect(calls.map((call) => recordsOf(call).map(({ offset }) => offset))).toEqual(Array(4).fill([0, 1]));
  expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
  const starts = calls.map(({ startedAt }) => startedAt);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(gaps[1]).toBeGreaterThan(gaps[0] ?? 0);
  expect(gaps[2]).toBeGreaterThan(gaps[1] ?? 0);
  await scene.committed('endless', 2);
  expect(scene.service.output).toMatch(
    /endless .*partition 0, offsets 0 to 1 \(2 records\), attempt 2 failed: failure 2; next try in 200 ms/,
  );
});

it('when one partition is stuck, nothing of it is committed and the others continue', async () => {
  await scene.broker.send(scene.topic('blocked'), [{ value: 'poison', partition: 0 }]);
  await scene.callsOf('blocked', 1);
  await scene.broker.send(scene.topic('blocked'), [
    { value: 'good', partition: 1 },
    { value: 'good', partition: 2 },
  ]);
  await eventually('the others are committed, and five attempts', async () => {
    const [, second, third] = await scene.committedOffsets('blocked');
    const attempts = scene.service
      .calls('blocked')
      .filter(({ event }) => `${scene.topic('blocked')}-0` in event.records);
    return second === 1 && third === 1 && attempts.length >= 5;
  });
  expect((await scene.committedOffsets('blocked'))[0]).toBe(0);
});

it('when retries are exhausted without a destination, the batch is skipped with an error after N + 1 calls', async () => {
  await scene.send('limited', 'poison', 'with it', 'next', 'and next');
  await scene.committed('limited', 4);
  expect(scene.service.offsets('limited')).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
    [2, 3],
  ]);
  expect(scene.service.output).toMatch(
    /limited .*offsets 0 to 1 \(2 records\) SKIPPED \(RetryAttemptsExhausted\)/,
  );
});

it('when retries are unlimited but there is a destination, it gets the batch after ten retries', async () => {
  await scene.committed('tenRetries', 1, 40_000);
  expect(scene.service.offsets('tenRetries')).toEqual(Array(11).fill([0]));
  expect(scene.filesOf('failed-queue')).toEqual([
    {
      requestContext: {
        requestId: expect.any(String) as string,
        functionArn: expect.stringContaining(':function:stranger-dev-tenRetries') as string,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 11,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      KafkaBatchInfo: {
        batchSize: 1,
        bootstrapServers: expect.any(String) as string,
        payloadSize: expect.any(Number) as number,
        recordsInfo: {
          [`${scene.topic('ten-retries')}-0`]: {
            firstRecordOffset: '0',
            lastRecordOffset: '0',
            firstRecordTimestamp: expect.stringMatching(/Z$/) as string,
            lastRecordTimestamp: expect.stringMatching(/Z$/) as string,
          },
        },
      },
    },
  ]);
});

it('when the destination is a topic, it gets one message per record, with the key of the record', async () => {
  await scene.broker.send(scene.topic('to-topic'), [{ key: 'k', value: 'poison' }, { value: 'beside' }]);
  await scene.committed('toTopic', 2);
  const messages = await scene.broker.read(scene.topic('failed'), 2);
  expect(messages.map(({ key }) => key)).toEqual(['k', null]);
  expect(messages[0]?.value).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    KafkaBatchInfo: { batchSize: 1, recordInfo: { offset: '0' } },
    payload: {
      eventSource: 'SelfManagedKafka',
      records: { [`${scene.topic('to-topic')}-0`]: [{ offset: 0, key: 'aw==' }] },
    },
  });
});

it('when batches are bisected, only the failing record is given up, and splitting uses up no retry', async () => {
  await scene.send('bisected', '0', '1', 'poison', '3');
  await scene.committed('bisected', 4);
  expect(scene.service.offsets('bisected')).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3]]);
});

it('when a record is too old, it is not delivered', async () => {
  await scene.broker.send(scene.topic('too-old'), [
    { value: 'old', timestamp: '1545084650987' },
    { value: 'new' },
  ]);
  await scene.committed('tooOld', 2);
  expect(scene.service.offsets('tooOld')).toEqual([[1]]);
  expect(scene.service.output).toMatch(/tooOld .*offset 0 SKIPPED \(RecordAgeExceeded\)/);
});
