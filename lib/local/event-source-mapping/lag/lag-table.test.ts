import { ageOf, describeAll, describeBehind, lagAsJson } from './lag-table.ts';
import type { TriggerLag } from './trigger-lag.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const behind: TriggerLag = {
  functionKey: 'notify',
  topic: 'orders',
  groupId: 'shop-dev-notify-orders',
  partitions: [
    { partition: 0, committed: 12, end: 12, lag: 0, oldestTimestampMs: undefined },
    { partition: 1, committed: 5, end: 1209, lag: 1204, oldestTimestampMs: now - 125_000 },
    { partition: 2, committed: undefined, end: 3, lag: 3, oldestTimestampMs: now - 800 },
  ],
};
const unreachable: TriggerLag = {
  functionKey: 'bill',
  topic: 'bills',
  groupId: 'shop-dev-bill-bills',
  partitions: [],
  error: 'This server does not host this topic-partition',
};

it('when partitions are behind, the table shows only them, with the age of the oldest waiting record', () => {
  expect(describeBehind([behind], now)).toBe(
    [
      'Trigger          Partition  Behind  Oldest age  Committed   End  Group',
      'notify ← orders          1   1,204  2 min 5 s           5  1209  shop-dev-notify-orders',
      'notify ← orders          2       3  0 s              none     3  shop-dev-notify-orders',
    ].join('\n'),
  );
});

it('when nothing is behind, it says so; when a trigger cannot be read, it says why', () => {
  const upToDate = { ...behind, partitions: behind.partitions.slice(0, 1) };
  expect(describeBehind([upToDate, unreachable], now)).toBe(
    'No trigger is behind (triggers: 2, partitions: 1).\n' +
      'bill ← bills: This server does not host this topic-partition',
  );
});

it('when all partitions are requested, those that are not behind are included', () => {
  expect(describeAll([behind], now).split('\n')).toHaveLength(4);
});

it('when JSON is requested, it contains every partition with numbers and times', () => {
  const [trigger, failed] = JSON.parse(lagAsJson([behind, unreachable], now)) as Record<string, unknown>[];
  expect(trigger).toMatchObject({ function: 'notify', topic: 'orders', lag: 1207 });
  expect((trigger?.partitions as unknown[])[1]).toEqual({
    partition: 1,
    committed: 5,
    end: 1209,
    lag: 1204,
    oldestTimestamp: '2026-11-28T11:57:55.000Z',
    oldestAgeMs: 125_000,
  });
  expect(failed).toMatchObject({ partitions: [], error: unreachable.error });
});

it.each([
  [999, '0 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('when a record is %d ms old, its age is shown as %s', (ms, text) => {
  expect(ageOf(ms)).toBe(text);
});
