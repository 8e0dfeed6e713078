import type { Admin } from 'kafkajs';
import type { StartingPosition } from '../mapping/definition.ts';
import { findStartOffsets } from './start-offsets.ts';

/**
 * Start offsets for a topic whose partitions have offsets 3 to 9 and a group with these committed offsets.
 */
function find(committed: number[], position: StartingPosition, byTime: number[] = []) {
  const list = (offsets: number[]) =>
    offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
  const admin = {
    fetchOffsets: () => Promise.resolve([{ topic: 't', partitions: list(committed) }]),
    fetchTopicOffsets: () =>
      Promise.resolve(committed.map((_, partition) => ({ partition, offset: '9', low: '3', high: '9' }))),
    fetchTopicOffsetsByTimestamp: () => Promise.resolve(list(byTime)),
  } as unknown as Admin;
  return findStartOffsets(admin, { groupId: 'g', topic: 't', position });
}

const entries = (offsets: ReadonlyMap<number, number>) => [...offsets].toSorted(([a], [b]) => a - b);

it('when all offsets are committed, they win', async () => {
  const { offsets, uncommitted } = await find([4, 5], { type: 'LATEST' });
  expect(entries(offsets)).toEqual([
    [0, 4],
    [1, 5],
  ]);
  expect(uncommitted.size).toBe(0);
});

it.each([
  ['LATEST', 9],
  ['TRIM_HORIZON', 3],
] as const)('when nothing is committed, %s starts at %d', async (type, expected) => {
  const { offsets, uncommitted } = await find([-1, -1], { type });
  expect(entries(offsets)).toEqual([
    [0, expected],
    [1, expected],
  ]);
  expect(entries(uncommitted)).toEqual(entries(offsets));
});

it('when the position is a time, each partition starts at its first record since then, or at its end', async () => {
  const { offsets } = await find([-1, -1], { type: 'AT_TIMESTAMP', timestampMs: 1 }, [6, -1]);
  expect(entries(offsets)).toEqual([
    [0, 6],
    [1, 9],
  ]);
});

it('when the group has offsets for only some partitions, the added ones are read from the beginning', async () => {
  const { offsets, uncommitted } = await find([4, -1], { type: 'LATEST' });
  expect(entries(offsets)).toEqual([
    [0, 4],
    [1, 3],
  ]);
  expect(entries(uncommitted)).toEqual([[1, 3]]);
});
