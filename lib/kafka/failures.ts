import type { KafkaRecord } from './records.ts';

/** What the invocation offers a handler of records. */
export interface Invocation {
  /** Milliseconds until the function's time-out ends the invocation. */
  remainingMs(): number;
}

/** Handles the records of one invocation. Records it does not name in a `RecordsFailedError` are done once it settles so. */
export type RecordsHandler = (records: readonly KafkaRecord[], invocation: Invocation) => Promise<void>;

/** One record and why it failed. */
export interface RecordFailure {
  readonly record: KafkaRecord;
  readonly error: unknown;
}

/** Some records failed, each for a reason of its own; all others of the batch were handled. */
export class RecordsFailedError extends AggregateError {
  readonly code = 'OPENORDER_RECORDS_FAILED';
  readonly failures: readonly RecordFailure[];

  constructor(failures: readonly RecordFailure[]) {
    super(
      failures.map((failure) => failure.error),
      `${failures.length} records failed; the others were handled.`,
    );
    this.name = new.target.name;
    this.failures = failures;
  }
}
