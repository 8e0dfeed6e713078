import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { recordsOf, textOf, type Call } from './testing/offline-service.ts';
import { noWait, TriggerScene, values } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene(
  (topic) => ({
    onOneTopic: { topic: topic('shared'), handler: 'succeed', extension: noWait },
    onTheSameTopic: { topic: topic('shared'), handler: 'succeed', extension: noWait },
    disabled: { topic: topic('shared'), handler: 'succeed', event: { enabled: false } },
    sideBySide: {
      topic: topic('partitions'),
      handler: 'takeSeconds',
      event: { batchSize: 2 },
      extension: noWait,
    },
    ownGroup: {
      topic: topic('own-group'),
      handler: 'succeed',
      event: { consumerGroupId: topic('group-of-mine'), startingPosition: 'TRIM_HORIZON' },
      extension: noWait,
    },
    latest: {
      topic: topic('positions'),
      handler: 'succeed',
      event: { startingPosition: 'LATEST' },
      extension: noWait,
    },
    trimHorizon: { topic: topic('positions'), handler: 'succeed', extension: noWait },
    atTimestamp: {
      topic: topic('positions'),
      handler: 'succeed',
      event: { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 1_700_000_000 },
      extension: noWait,
    },
  }),
  { partitions: { shared: 3, partitions: 3 } },
);

beforeAll(async () => {
  await scene.createTopics();
  await scene.broker.send(scene.topic('positions'), [
    { value: 'old', timestamp: String(1_600_000_000_000) },
    { value: 'new', timestamp: String(1_700_000_000_500) },
  ]);
  await scene.send('own-group', '0', '1', '2');
  await scene.broker.commit(scene.topic('group-of-mine'), scene.topic('own-group'), [2]);
  await scene.service.start();
}, 90_000);

afterAll(async () => {
  await scene.service.remove();
});

describe('partitions and groups', () => {
  it('when a topic has several partitions, they run concurrently, each with one call at a time, in order', async () => {
    const messages = [0, 1, 2].flatMap((partition) =>
      values('1', '2', '3', '4').map((m) => ({ ...m, partition })),
    );
    await scene.broker.send(scene.topic('partitions'), messages);
    const calls = await eventually(
      'all calls ended',
      () => {
        const found = scene.service.calls('sideBySide').filter(({ endedAt }) => endedAt);
        return found.length >= 6 && found;
      },
      40_000,
    );
    const overlaps = (a: Call, b: Call) =>
      a !== b && a.startedAt < (b.endedAt ?? 0) && b.startedAt < (a.endedAt ?? 0);
    const partitionOf = (call: Call) => Object.keys(call.event.records).join();
    expect(calls.some((a) => calls.some((b) => overlaps(a, b)))).toBe(true);
    for (const partition of new Set(calls.map(partitionOf))) {
      const own = calls.filter((call) => partitionOf(call) === partition);
      expect(own.some((a) => own.some((b) => overlaps(a, b)))).toBe(false);
      expect(own.flatMap(recordsOf).map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    }
  });

  it('when two functions have a trigger on one topic, both get every record, and a disabled one gets none', async () => {
    await scene.send('shared', 'one', 'two', 'three', 'four');
    for (const key of ['onOneTopic', 'onTheSameTopic']) {
      await eventually(`all records at ${key}`, () => {
        const texts = scene.service.calls(key).flatMap(recordsOf).map(textOf);
        return ['one', 'two', 'three', 'four'].every((text) => texts.includes(text));
      });
    }
    expect(scene.service.calls('disabled')).toEqual([]);
    expect(scene.service.output).toMatch(/disabled ← .*: disabled, not polled/);
  });

  it('when a consumer group is set and has offsets, reading continues from them', async () => {
    const [call] = await scene.callsOf('ownGroup', 1);
    expect(call && recordsOf(call).map(({ offset }) => offset)).toEqual([2]);
  });

  it('when no group is set, its name consists of service, stage, function and topic', async () => {
    expect(await scene.broker.members(scene.groupOf('onOneTopic'))).toBe(1);
    expect(await scene.broker.members(scene.groupOf('onTheSameTopic'))).toBe(1);
  });
});

describe('starting positions', () => {
  it('when the topic already has records, each starting position starts where it should', async () => {
    await scene.send('positions', 'newest');
    for (const [key, expected] of [
      ['trimHorizon', 3],
      ['atTimestamp', 2],
      ['latest', 1],
    ] as const) {
      await eventually(
        `records of ${key}`,
        () => scene.service.calls(key).flatMap(recordsOf).length >= expected,
      );
    }
    const texts = (key: string) => scene.service.calls(key).flatMap(recordsOf).map(textOf);
    expect(texts('trimHorizon')).toEqual(['old', 'new', 'newest']);
    expect(texts('atTimestamp')).toEqual(['new', 'newest']);
    expect(texts('latest')).toEqual(['newest']);
  });
});
