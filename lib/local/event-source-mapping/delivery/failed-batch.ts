import type { SerializedRecord } from './lambda-event.ts';

/** Why records were given up, in the words of AWS where it documents them. */
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
  /** How many invocations these records were part of. */
  readonly invocations: number;
  readonly failedAt: Date;
}
