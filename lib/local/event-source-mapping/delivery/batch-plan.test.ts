import { isSaturated, planBatch, type BatchLimits, type Source } from './batch-plan.ts';
import type { SerializedRecord } from './lambda-event.ts';
import { RecordBuffer } from './record-buffer.ts';

const limits: BatchLimits = {
  batchSize: 3,
  batchWindowMs: 500,
  eventBytes: 1000,
  partitionBytes: () => 10,
};

function recordsOf(count: number, bytes = 9): SerializedRecord[] {
  return Array.from({ length: count }, (_, offset) => ({
    partition: 0,
    offset,
    timestampMs: 0,
    packed: '',
    bytes,
  }));
}

/** A partition with `count` records that all arrived at `arrivedAt` (ms). */
function source(partition: number, count: number, arrivedAt = 0, bytes = 9): Source {
  const buffer = new RecordBuffer(0);
  buffer.add(recordsOf(count, bytes), count, arrivedAt);
  return { partition, buffer };
}

/** The next batch, as `[partition, count]`, and when it is due. */
function plan(sources: readonly Source[], now: number, changed: Partial<BatchLimits> = {}) {
  const planned = planBatch(sources, { ...limits, ...changed }, now);
  const parts = planned?.parts.map(({ source: { partition }, count }) => [partition, count]);
  return { parts, dueInMs: planned?.dueInMs };
}

it('when no record waits, nothing is due', () => {
  expect(planBatch([source(0, 0)], limits, 0)).toBeUndefined();
});

it('when the first record arrives, its window starts, and later records do not extend it', () => {
  const one = source(0, 1, 1000);
  expect(plan([one], 1100).dueInMs).toBe(400);
  one.buffer.add(recordsOf(1), 2, 1400);
  expect(plan([one], 1400).dueInMs).toBe(100);
  expect(plan([one], 1500)).toEqual({ parts: [[0, 2]], dueInMs: 0 });
});

it('when a batch was taken, the window of the rest starts with its own first record', () => {
  const one = source(0, 3);
  one.buffer.add(recordsOf(1), 4, 300);
  one.buffer.take(3);
  expect(plan([one], 300).dueInMs).toBe(500);
});

it('when the batch size is reached, the batch is due at once', () => {
  expect(plan([source(0, 5)], 0)).toEqual({ parts: [[0, 3]], dueInMs: 0 });
});

it('when the window is 0, all buffered records are due', () => {
  expect(plan([source(0, 1, 7)], 7, { batchWindowMs: 0 }).dueInMs).toBe(0);
});

it('when a record fits to the byte, it is included; one byte more and it waits', () => {
  expect(plan([source(0, 2)], 0, { eventBytes: 30 })).toEqual({ parts: [[0, 2]], dueInMs: 500 });
  expect(plan([source(0, 2)], 0, { eventBytes: 29 })).toEqual({ parts: [[0, 1]], dueInMs: 0 });
});

it('when one record alone is too large, it goes alone', () => {
  expect(plan([source(0, 1, 0, 5000), source(1, 1, 1)], 0)).toEqual({ parts: [[0, 1]], dueInMs: 0 });
});

it('when several partitions have records, they share the batch, whose window starts with the oldest record', () => {
  expect(plan([source(0, 1, 200), source(1, 1, 100)], 300)).toEqual({
    parts: [
      [1, 1],
      [0, 1],
    ],
    dueInMs: 300,
  });
});

it('when partitions together reach the batch size, the batch is due and no larger than that', () => {
  expect(plan([source(0, 2), source(1, 4, 1)], 1)).toEqual({
    parts: [
      [0, 2],
      [1, 1],
    ],
    dueInMs: 0,
  });
});

it('when one partition fills the batch, the others are left for concurrent calls', () => {
  expect(plan([source(0, 3), source(1, 3, 1)], 1).parts).toEqual([[0, 3]]);
});

it('when records of another partition do not fit with its key, they wait', () => {
  const partitions = [source(0, 1), source(1, 1, 1)];
  expect(plan(partitions, 1, { eventBytes: 40 })).toMatchObject({ dueInMs: 499 });
  expect(plan(partitions, 1, { eventBytes: 39 })).toEqual({ parts: [[0, 1]], dueInMs: 0 });
});

it('when two batches by count or one by bytes are buffered, the partition is saturated', () => {
  expect(isSaturated(source(0, 5).buffer, limits)).toBe(false);
  expect(isSaturated(source(0, 6).buffer, limits)).toBe(true);
  expect(isSaturated(source(0, 1, 0, 2000).buffer, limits)).toBe(true);
});
