import type { SerializedRecord } from './lambda-event.ts';
import { RecordBuffer } from './record-buffer.ts';

const record = (offset: number, bytes = 9): SerializedRecord => ({
  partition: 0,
  offset,
  timestampMs: 0,
  packed: 'x'.repeat(bytes),
  bytes,
});

it('when there are gaps or filtered records in between, the commit covers them', () => {
  const buffer = new RecordBuffer(0);
  buffer.add([record(2), record(5), record(9)], 12, 0);
  expect(buffer.endOffset).toBe(12);
  expect(buffer.take(3).endOffset).toBe(12);
  buffer.add([record(12), record(20), record(21), record(30)], 31, 0);
  expect(buffer.take(3)).toMatchObject({ endOffset: 30 });
});

it('when nothing of a fetch needs delivery, the position still advances', () => {
  const buffer = new RecordBuffer(4);
  buffer.add([], 9, 0);
  expect(buffer.count).toBe(0);
  expect(buffer.endOffset).toBe(9);
});

it('when records are taken, the rest keeps its own arrival and size', () => {
  const buffer = new RecordBuffer(0);
  buffer.add([record(0, 20)], 1, 100);
  buffer.add([record(1, 9)], 2, 300);
  expect(buffer.firstArrival).toBe(100);
  expect(buffer.take(1).records).toEqual([record(0, 20)]);
  expect(buffer.firstArrival).toBe(300);
  expect(buffer.bytes).toBe(10);
});

it('when a record fits to the byte, it is taken; with one byte less it waits', () => {
  const buffer = new RecordBuffer(0);
  buffer.add([record(0, 9), record(1, 10)], 2, 0);
  expect(buffer.fitting({ records: 9, bytes: 21 })).toEqual({ count: 2, bytes: 21 });
  expect(buffer.fitting({ records: 9, bytes: 20 })).toEqual({ count: 1, bytes: 10 });
  expect(buffer.fitting({ records: 1, bytes: 21 })).toEqual({ count: 1, bytes: 10 });
});
