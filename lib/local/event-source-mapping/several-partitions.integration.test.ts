import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { recordsOf, textOf, type Call, type TriggerSpec } from './testing/offline-service.ts';
import { noWait, TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

/** A window long enough for records of all partitions to arrive. */
const second = { MaximumBatchingWindowInSeconds: 1 };
const reporting = {
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  ProvisionedPollerConfig: { MinimumPollers: 1 },
};

function trigger(topic: string, handler: string, extension: Record<string, unknown> = {}): TriggerSpec {
  return { topic, handler, extension: { ...second, ...extension } };
}

const scene = new TriggerScene(
  (topic) => ({
    together: trigger(topic('together'), 'succeed'),
    failing: trigger(topic('failing'), 'failThreeTimes'),
    partial: trigger(topic('partial'), 'reportPoison', { ...reporting, MaximumRetryAttempts: 1 }),
    bisected: trigger(topic('bisected'), 'failOnPoison', {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::bisected-bucket' } },
    }),
    beside: { topic: topic('beside'), handler: 'takeSeconds', extension: noWait },
  }),
  { partitions: { together: 3, failing: 3, partial: 3, bisected: 3, beside: 3 } },
);

/** One record for each partition. */
async function sendToEach(topic: string, ...texts: string[]): Promise<void> {
  await scene.broker.send(
    scene.topic(topic),
    texts.map((value, partition) => ({ value, partition })),
  );
}

async function committedAll(functionKey: string, ...offsets: number[]): Promise<void> {
  await eventually(
    `${functionKey} has committed ${offsets.join()}`,
    async () => (await scene.committedOffsets(functionKey)).join() === offsets.join(),
  );
}

const textsOf = (call: Call | undefined) => (call ? recordsOf(call).map(textOf).sort() : []);

scene.runForAllTests();

it('when records of several partitions wait, one call contains them all, each partition under its own key', async () => {
  await sendToEach('together', 'a', 'b', 'c');
  await committedAll('together', 1, 1, 1);
  const [call] = scene.service.calls('together');
  const topic = scene.topic('together');
  expect(Object.keys(call?.event.records ?? {}).sort()).toEqual([`${topic}-0`, `${topic}-1`, `${topic}-2`]);
  expect(call?.event.records[`${topic}-1`]).toMatchObject([{ topic, partition: 1, offset: 0 }]);
});

it('when such a call fails, it is retried unchanged, and nothing is committed before it succeeds', async () => {
  await sendToEach('failing', 'a', 'b', 'c');
  await committedAll('failing', 1, 1, 1);
  const calls = scene.service.calls('failing');
  expect(calls.map(textsOf)).toEqual(Array(4).fill(['a', 'b', 'c']));
  expect(scene.service.output).toMatch(
    /failing .*partition 0, offset 0; partition 1, offset 0; partition 2, offset 0, attempt 1 failed/,
  );
});

it('when the record of one partition is reported as failed, only that one is retried', async () => {
  await sendToEach('partial', 'a', 'poison', 'c');
  await committedAll('partial', 1, 1, 1);
  expect(scene.service.calls('partial').map(textsOf)).toEqual([['a', 'c', 'poison'], ['poison']]);
});

it('when such a batch is bisected, only the failing record is given up', async () => {
  await sendToEach('bisected', 'a', 'b', 'poison');
  await committedAll('bisected', 1, 1, 1);
  const topic = scene.topic('bisected');
  expect(scene.filesOf('bisected-bucket')).toMatchObject([
    { KafkaBatchInfo: { batchSize: 1, recordsInfo: { [`${topic}-2`]: { firstRecordOffset: '0' } } } },
  ]);
});

it('when partitions are not part of a running call, they continue meanwhile', async () => {
  await scene.broker.send(scene.topic('beside'), [{ value: 'first', partition: 0 }]);
  await scene.callsOf('beside', 1);
  await scene.broker.send(scene.topic('beside'), [{ value: 'second', partition: 1 }]);
  const [first, other] = await scene.callsOf('beside', 2);
  expect(textsOf(other)).toEqual(['second']);
  await committedAll('beside', 1, 1, 0);
  const ended = scene.service.calls('beside').find(({ id }) => id === first?.id)?.endedAt;
  expect(other?.startedAt).toBeLessThan(ended ?? 0);
});
