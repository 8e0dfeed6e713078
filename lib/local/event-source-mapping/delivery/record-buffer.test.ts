import type { SerializedRecord } from './lambda-event.ts';
import { RecordBuffer } from './record-buffer.ts';

const record = (offset: number, bytes = 9): SerializedRecord => ({
  partition: 0,
  offset,
  timestampMs: 0,
  packed: 'x'.repeat(bytes),
  bytes,
});
const records = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => record(from + i));
const limits = { batchSize: 3, batchWindowMs: 500, recordBytes: 1000 };
const offsetsOf = (batch: { records: readonly SerializedRecord[] }) =>
  batch.records.map(({ offset }) => offset);

it('when it is empty, nothing is due', () => {
  expect(new RecordBuffer(limits, 0).dueIn(0)).toBeUndefined();
});

it('when the first record has come, its window begins, and later records do not prolong it', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add([record(0)], 1, 1000);
  expect(buffer.dueIn(1100)).toBe(400);
  buffer.add([record(1)], 2, 1400);
  expect(buffer.dueIn(1400)).toBe(100);
  expect(buffer.dueIn(1500)).toBe(0);
  expect(offsetsOf(buffer.take())).toEqual([0, 1]);
});

it('when a batch was taken, the window of the rest begins with its own first record', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add(records(0, 2), 3, 0);
  buffer.add([record(3)], 4, 300);
  buffer.take();
  expect(buffer.dueIn(300)).toBe(500);
});

it('when the batch size is reached, the batch is due at once', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add(records(0, 4), 5, 0);
  expect(buffer.dueIn(0)).toBe(0);
  expect(buffer.take()).toMatchObject({ endOffset: 3 });
  expect(offsetsOf(buffer.take())).toEqual([3, 4]);
  expect(buffer.isEmpty).toBe(true);
});

it('when the window is 0, whatever is there is due', () => {
  const buffer = new RecordBuffer({ ...limits, batchWindowMs: 0 }, 0);
  buffer.add([record(0)], 1, 7);
  expect(buffer.dueIn(7)).toBe(0);
});

it('when bytes are used up to the last, the record still fits; one byte more and it waits', () => {
  const exact = new RecordBuffer({ ...limits, recordBytes: 19 }, 0);
  exact.add([record(0, 9), record(1, 9)], 2, 0);
  expect(exact.dueIn(0)).toBe(500);
  expect(offsetsOf(exact.take())).toEqual([0, 1]);
  const over = new RecordBuffer({ ...limits, recordBytes: 19 }, 0);
  over.add([record(0, 9), record(1, 10)], 2, 0);
  expect(over.dueIn(0)).toBe(0);
  expect(offsetsOf(over.take())).toEqual([0]);
});

it('when one record alone is too large, it goes alone', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add([record(0, 5000), record(1)], 2, 0);
  expect(offsetsOf(buffer.take())).toEqual([0]);
});

it('when offsets have gaps, or filtered records between, the commit covers them', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add([record(2), record(5), record(9)], 12, 0);
  expect(buffer.endOffset).toBe(12);
  expect(buffer.take().endOffset).toBe(12);
  buffer.add([record(12), record(20), record(21), record(30)], 31, 0);
  expect(buffer.take()).toMatchObject({ endOffset: 30 });
});

it('when nothing of a fetch is delivered, the position still moves', () => {
  const buffer = new RecordBuffer(limits, 4);
  buffer.add([], 9, 0);
  expect(buffer.isEmpty).toBe(true);
  expect(buffer.endOffset).toBe(9);
});

it('when two batches are there, by number or by bytes, it is saturated', () => {
  const buffer = new RecordBuffer(limits, 0);
  buffer.add(records(0, 4), 5, 0);
  expect(buffer.isSaturated).toBe(false);
  buffer.add([record(5)], 6, 0);
  expect(buffer.isSaturated).toBe(true);
  buffer.take();
  expect(buffer.isSaturated).toBe(false);
  buffer.add([record(6, 2000)], 7, 0);
  expect(buffer.isSaturated).toBe(true);
});
