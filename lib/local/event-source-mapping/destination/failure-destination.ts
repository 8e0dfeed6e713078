import type { FailedBatch } from '../delivery/failed-batch.ts';

/** Where a mapping's failed records go. */
export interface FailureDestination {
  /** Where that is, for the log. */
  readonly name: string;
  /** Resolves once the destination holds the records; a rejected call is repeated. */
  send(batch: FailedBatch): Promise<void>;
  close(): Promise<void>;
}
