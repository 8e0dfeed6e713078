import type { SerializedRecord } from './lambda-event.ts';

/** Why records were given up, with AWS's names where it documents them. */
export type FailureCondition =
  | 'RetryAttemptsExhausted'
  | 'RecordAgeExceeded'
  | 'MaximumPayloadSizeExceeded'
  | 'SCHEMA_NOT_FOUND'
  | 'DESERIALIZATION_ERROR';

/** Records that will not be tried again. */
export interface FailedBatch {
  readonly records: readonly SerializedRecord[];
  readonly condition: FailureCondition;
  /** The number of invocations that included these records. */
  readonly invocations: number;
  readonly failedAt: Date;
}
