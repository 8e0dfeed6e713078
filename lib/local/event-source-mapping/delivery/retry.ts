import type { RetryPolicy } from '../mapping/definition.ts';
import type { SerializedRecord } from './lambda-event.ts';

/** Records that go to the function together, and their history. */
export interface Attempt {
  readonly records: readonly SerializedRecord[];
  /** Calls so far, of these records or of the batch they were split from. */
  readonly invocations: number;
  /** Consecutive failures with the same first failing record. */
  readonly failures: number;
  readonly firstFailing?: SerializedRecord | undefined;
}

/** What to do after a failed call. */
export type Step =
  | { readonly type: 'retry'; readonly attempts: readonly Attempt[]; readonly delayMs: number }
  | { readonly type: 'discard'; readonly attempt: Attempt };

const firstDelayMs = 100;
const longestDelayMs = 2000;

export function firstAttempt(records: readonly SerializedRecord[]): Attempt {
  return { records, invocations: 0, failures: 0 };
}

/**
 * The next step after a whole call failed. Bisecting uses up no retry, as with Kinesis:
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function afterBatchFailure(attempt: Attempt, policy: RetryPolicy): Step {
  if (!policy.bisectBatchOnFunctionError || attempt.records.length === 1) {
    return afterRecordFailure(attempt, attempt.records, policy);
  }
  return { type: 'retry', attempts: halves(attempt), delayMs: 0 };
}

/** Splits an attempt into two, one for each half of the records, in order. */
export function halves(attempt: Attempt): Attempt[] {
  const middle = Math.ceil(attempt.records.length / 2);
  return [attempt.records.slice(0, middle), attempt.records.slice(middle)].map((records) => ({
    records,
    invocations: attempt.invocations,
    failures: 0,
  }));
}

/**
 * The next step after some records of a call failed: only they are retried. Retries are counted for the first
 * failing record, so progress restarts the count; N retries are N + 1 calls.
 */
export function afterRecordFailure(
  attempt: Attempt,
  failed: readonly SerializedRecord[],
  policy: RetryPolicy,
): Step {
  const firstFailing = failed[0];
  const isSame = firstFailing === attempt.firstFailing;
  const failures = (isSame ? attempt.failures : 0) + 1;
  const next: Attempt = { records: failed, invocations: attempt.invocations, failures, firstFailing };
  if (failures > policy.maximumRetryAttempts) return { type: 'discard', attempt: next };
  return { type: 'retry', attempts: [next], delayMs: retryDelayMs(failures) };
}

/**
 * The delay before a retry: 100 ms, doubling up to 2 s, so that a fixed function is retried soon. AWS does
 * not document its delay.
 */
export function retryDelayMs(failures: number): number {
  return Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs);
}

/** Splits records into those that may still be delivered and those over the maximum age. */
export function splitByAge(
  records: readonly SerializedRecord[],
  maximumRecordAgeMs: number,
  now: number,
): { fresh: SerializedRecord[]; expired: SerializedRecord[] } {
  const isExpired = (record: SerializedRecord) => now - record.timestampMs > maximumRecordAgeMs;
  return { fresh: records.filter((record) => !isExpired(record)), expired: records.filter(isExpired) };
}
