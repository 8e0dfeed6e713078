import type { RetryPolicy } from '../mapping/definition.ts';
import type { SerializedRecord } from './lambda-event.ts';
import { afterBatchFailure, afterRecordFailure, firstAttempt, retryDelayMs, splitByAge } from './retry.ts';

const record = (offset: number, timestampMs = 0): SerializedRecord => ({
  partition: 0,
  offset,
  timestampMs,
  packed: '',
  bytes: 0,
});
const policy: RetryPolicy = {
  maximumRetryAttempts: Infinity,
  maximumRecordAgeMs: Infinity,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
};
const batch = firstAttempt([record(0), record(1), record(2)]);

it('when a call fails, the same records are retried after a delay', () => {
  const step = afterBatchFailure({ ...batch, invocations: 1 }, policy);
  expect(step).toMatchObject({
    type: 'retry',
    delayMs: 100,
    attempts: [{ records: batch.records, failures: 1 }],
  });
});

it('when there are N retries, the call after the Nth failure is the last', () => {
  const limited = { ...policy, maximumRetryAttempts: 1 };
  const first = afterBatchFailure(batch, limited);
  expect(first.type).toBe('retry');
  const [again = batch] = first.type === 'retry' ? first.attempts : [];
  expect(afterBatchFailure(again, limited).type).toBe('discard');
  expect(afterBatchFailure(batch, { ...policy, maximumRetryAttempts: 0 }).type).toBe('discard');
});

it('when batches are bisected, both halves keep their retries', () => {
  const step = afterBatchFailure(batch, {
    ...policy,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 0,
  });
  expect(step).toMatchObject({
    type: 'retry',
    delayMs: 0,
    attempts: [
      { records: [record(0), record(1)], failures: 0 },
      { records: [record(2)], failures: 0 },
    ],
  });
});

it('when bisecting leaves one record, its retries count', () => {
  const single = firstAttempt([record(1)]);
  const bisecting = { ...policy, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 };
  expect(afterBatchFailure(single, bisecting).type).toBe('discard');
});

it('when the first failing record stays the same, failures add up; when it changes, the count starts over', () => {
  const limited = { ...policy, maximumRetryAttempts: 5 };
  const [, , last] = batch.records;
  const first = afterRecordFailure(batch, batch.records.slice(1), limited);
  const [one = batch] = first.type === 'retry' ? first.attempts : [];
  expect(one).toMatchObject({ failures: 1, firstFailing: { offset: 1 } });
  const second = afterRecordFailure(one, batch.records.slice(1, 2), limited);
  const [two = batch] = second.type === 'retry' ? second.attempts : [];
  expect(two).toMatchObject({ failures: 2 });
  const third = afterRecordFailure(two, last ? [last] : [], limited);
  expect(third).toMatchObject({ attempts: [{ failures: 1, firstFailing: { offset: 2 } }] });
});

it('when failures continue, the delay doubles up to two seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(retryDelayMs)).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
});

it('when records are older than the maximum age, they are separated', () => {
  const { fresh, expired } = splitByAge(
    [record(0, 1000), record(1, 40_000), record(2, 41_000)],
    60_000,
    101_000,
  );
  expect(expired.map(({ offset }) => offset)).toEqual([0, 1]);
  expect(fresh.map(({ offset }) => offset)).toEqual([2]);
});
