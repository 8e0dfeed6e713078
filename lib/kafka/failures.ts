import type { KafkaRecord } from './records.ts';

/** What a handler of records may ask of its invocation. */
export interface Invocation {
  /** Milliseconds until the function's timeout ends the invocation. */
  remainingMs(): number;
}

/**
 * Handles the records of one invocation. Records that it does not name in a `RecordsFailedError` count as
 * processed.
 */
export type RecordsHandler = (records: readonly KafkaRecord[], invocation: Invocation) => Promise<void>;

/** One record and why it failed. */
export interface RecordFailure {
  readonly record: KafkaRecord;
  readonly error: unknown;
  /** How many times the handler received it; missing when not counted. */
  readonly attempts?: number;
}

/** Some records failed, each for its own reason; all others of the batch were handled. */
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
