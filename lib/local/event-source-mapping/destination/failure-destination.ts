import type { SerializedRecord } from '../delivery/lambda-event.ts';

/** Why records were given up; the words of AWS where it documents them. */
export type FailureCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';

/** Records that will not be tried again. */
export interface FailedBatch {
  readonly records: readonly SerializedRecord[];
  readonly condition: FailureCondition;
  /** Calls that these records were part of. */
  readonly invocations: number;
  readonly failedAt: Date;
}

/** Where a mapping's failed records go. */
export interface FailureDestination {
  /** Where that is, for the log. */
  readonly name: string;
  /** Resolves when the records are safe at the destination; rejects otherwise, and is called again. */
  send(batch: FailedBatch): Promise<void>;
  close(): Promise<void>;
}
