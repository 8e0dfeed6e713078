import type { FailedBatch } from '../delivery/failed-batch.ts';

/** Where a mapping's failed records go. */
export interface FailureDestination {
  /** Its name in the log. */
  readonly name: string;
  /** Resolves once the destination has stored the records; a rejected call is retried. */
  send(batch: FailedBatch): Promise<void>;
  close(): Promise<void>;
}
