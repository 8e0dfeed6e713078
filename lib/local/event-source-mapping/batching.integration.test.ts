import { jest } from '@jest/globals';
import { recordsOf } from './testing/offline-service.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene(
  (topic) => ({
    onOneTopic: { topic: topic('shared'), handler: 'succeed', extension: noWait },
    byDefault: { topic: topic('default-window'), handler: 'succeed' },
    zeroInEvent: { topic: topic('default-window'), handler: 'succeed', event: { maximumBatchingWindow: 0 } },
    bySize: { topic: topic('size'), handler: 'succeed', event: { batchSize: 3, maximumBatchingWindow: 300 } },
    byWindow: { topic: topic('window'), handler: 'succeed', event: { maximumBatchingWindow: 2 } },
    byBytes: { topic: topic('bytes'), handler: 'succeed', event: { batchSize: 10000 } },
    oversized: {
      topic: topic('oversized'),
      handler: 'succeed',
      extension: {
        ...noWait,
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::oversized-bucket' } },
      },
    },
    oversizedSkipped: { topic: topic('oversized'), handler: 'succeed', extension: noWait },
  }),
  { configs: { oversized: { 'max.message.bytes': '8000000' } }, partitions: { shared: 3 } },
);

scene.runForAllTests();

it('when no window is set, or the event sets 0, a batch waits for half a second', async () => {
  await scene.send('default-window', '1');
  for (const key of ['byDefault', 'zeroInEvent']) {
    const [call] = await scene.callsOf(key, 1);
    const waited = (call?.startedAt ?? 0) - (call ? (recordsOf(call)[0]?.timestamp ?? 0) : 0);
    expect(waited).toBeGreaterThanOrEqual(480);
    expect(waited).toBeLessThan(3000);
  }
});

it('when the extension sets the window to 0, a single record does not wait', async () => {
  await scene.broker.send(scene.topic('shared'), [{ value: 'warm up', partition: 0 }]);
  await scene.callsOf('onOneTopic', 1);
  await scene.broker.send(scene.topic('shared'), [{ value: 'x', partition: 0 }]);
  const [, call] = await scene.callsOf('onOneTopic', 2);
  expect((call?.startedAt ?? 0) - (call ? (recordsOf(call)[0]?.timestamp ?? 0) : 0)).toBeLessThan(400);
});

it('when the batch size is reached, the batch does not wait for its window', async () => {
  await scene.send('size', '1', '2', '3', '4', '5', '6', '7');
  await scene.callsOf('bySize', 2);
  expect(scene.service.offsets('bySize')).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  await scene.committed('bySize', 6);
});

it('when records arrive within the window, they form one batch', async () => {
  await scene.send('window', '1');
  await scene.send('window', '2');
  await scene.send('window', '3');
  await scene.callsOf('byWindow', 1);
  expect(scene.service.offsets('byWindow')).toEqual([[0, 1, 2]]);
});

it('when records together exceed 6 MB, they are split into batches under the limit', async () => {
  const value = 'x'.repeat(700_000);
  for (let sent = 0; sent < 8; sent += 1) await scene.send('bytes', value);
  await scene.committed('byBytes', 8);
  const calls = scene.service.calls('byBytes');
  expect(calls.flatMap(recordsOf).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(calls.length).toBeGreaterThanOrEqual(2);
  for (const { event } of calls) expect(JSON.stringify(event).length).toBeLessThanOrEqual(6 * 1024 * 1024);
});

it('when one record alone exceeds 6 MB, it goes to the destination or is skipped with an error, and the rest continues', async () => {
  await scene.send('oversized', 'x'.repeat(5_000_000));
  await scene.send('oversized', 'small');
  for (const key of ['oversized', 'oversizedSkipped']) {
    await scene.committed(key, 2);
    expect(scene.service.offsets(key)).toEqual([[1]]);
  }
  expect(scene.service.output).toMatch(/oversizedSkipped .*offset 0 SKIPPED \(MaximumPayloadSizeExceeded\)/);
  const [stored] = scene.filesOf('oversized-bucket');
  expect(stored).toMatchObject({
    requestContext: { condition: 'MaximumPayloadSizeExceeded' },
    responseContext: null,
    payload: expect.stringContaining('"offset":0') as string,
  });
});
