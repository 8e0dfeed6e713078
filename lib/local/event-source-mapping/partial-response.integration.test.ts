import { jest } from '@jest/globals';
import { type TriggerSpec } from './testing/offline-service.ts';
import { noWait, TriggerScene, values } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic) => ({
  partial: reporting(topic('partial'), 'reportPoison', { MaximumRetryAttempts: 2 }),
  progress: reporting(topic('progress'), 'reportAllButFirst', { MaximumRetryAttempts: 1 }),
  unknownOffset: reporting(topic('unknown-offset'), 'reportUnknownOffset'),
  flatIdentifier: reporting(topic('flat-identifier'), 'reportFlatIdentifier'),
  oldKey: reporting(topic('old-key'), 'reportOldKey'),
  nonsense: reporting(topic('nonsense'), 'reportNonsense'),
  notReporting: { topic: topic('not-reporting'), handler: 'reportPoison', extension: noWait },
}));

/** A trigger whose function reports the failed records. */
function reporting(topic: string, handler: string, extension: Record<string, unknown> = {}): TriggerSpec {
  const types = { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 1 };
  return { topic, handler, extension: { ...types, ...extension } };
}

scene.runForAllTests();

it('when records are reported as failed, only they are retried, until their retries are exhausted', async () => {
  await scene.send('partial', '0', 'poison', '2', 'poison', '4');
  await scene.committed('partial', 5);
  expect(scene.service.offsets('partial')).toEqual([
    [0, 1, 2, 3, 4],
    [1, 3],
    [1, 3],
  ]);
});

it('when a call makes progress, the retry count starts over', async () => {
  await scene.send('progress', '0', '1', '2', '3');
  await scene.committed('progress', 4);
  expect(scene.service.offsets('progress')).toEqual([[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]]);
});

it.each(['unknownOffset', 'flatIdentifier', 'oldKey', 'nonsense'])(
  'when the response is invalid (%s), the whole batch is retried',
  async (key) => {
    await scene.broker.send(scene.topicOf(key), values('0', '1', '2'));
    await scene.committed(key, 3);
    expect(scene.service.offsets(key)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(scene.service.output).toMatch(new RegExp(`${key} .*invalid partial batch response`));
  },
);

it('when the option is not set, the function’s response is ignored', async () => {
  await scene.send('not-reporting', 'poison');
  await scene.committed('notReporting', 1);
  expect(scene.service.offsets('notReporting')).toEqual([[0]]);
});
