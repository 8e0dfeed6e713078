import type { AttemptReport } from '../delivery/delivery.ts';
import type { Attempt } from '../delivery/retry.ts';
import type { SerializedRecord } from '../delivery/lambda-event.ts';
import type { Log } from '../host/serverless.ts';
import type { MappingDefinition } from '../mapping/definition.ts';

/** A mapping's log: one line per event, prefixed with function and topic. */
export class MappingReport implements AttemptReport {
  readonly #definition: MappingDefinition;
  readonly #log: Log;

  constructor(definition: MappingDefinition, log: Log) {
    this.#definition = definition;
    this.#log = log;
  }

  /** Shown with `--verbose`: a service has many triggers, and a start should fit one screen. */
  started(partitions: readonly number[]): void {
    this.detail(this.#ready(partitions));
  }

  /** Always shown, since the problem had been reported. */
  recovered(partitions: readonly number[]): void {
    this.#log.notice(`${this.#subject()}: ${this.#ready(partitions)}`);
  }

  #ready(partitions: readonly number[]): string {
    const { groupId, batchSize, batchWindowMs, startingPosition } = this.#definition;
    const assigned = partitions.length > 0 ? `partitions ${partitions.join(', ')}` : 'no partition yet';
    return (
      `ready, ${assigned}, group ${groupId}, from ${startingPosition.type}, ` +
      `batches of ${batchSize} within ${batchWindowMs} ms`
    );
  }

  disabled(): void {
    this.#log.notice(`${this.#subject()}: disabled, not polled`);
  }

  problem(message: string): void {
    this.#log.warning(`${this.#subject()}: ${message}`);
  }

  detail(message: string): void {
    this.#log.info(`${this.#subject()}: ${message}`);
  }

  /** Records that are lost: neither processed nor stored anywhere. */
  skipped(message: string): void {
    this.#log.error(`${this.#subject()}: ${message}`);
  }

  attemptFailed({ records, invocations }: Attempt, reason: string, next: string): void {
    const attempt = `attempt ${Math.max(1, invocations)}`;
    this.problem(`${placesOf(records)}, ${attempt} failed: ${reason}; ${next}`);
  }

  discardFailed(records: readonly SerializedRecord[], reason: string): void {
    this.problem(`${placesOf(records)}: failure destination not reached, retrying: ${reason}`);
  }

  #subject(): string {
    return `Kafka trigger ${this.#definition.functionKey} ← ${this.#definition.topic}`;
  }
}

/** `partition 0, offset 7`, or `partition 0, offsets 7 to 9 (3 records); partition 1, offset 4`. */
export function placesOf(records: readonly SerializedRecord[]): string {
  const byPartition = Map.groupBy(records, ({ partition }) => partition);
  return [...byPartition]
    .sort(([a], [b]) => a - b)
    .map(([partition, own]) => `partition ${partition}, ${offsetsOf(own)}`)
    .join('; ');
}

function offsetsOf(records: readonly SerializedRecord[]): string {
  const [first, last] = [records[0]?.offset, records.at(-1)?.offset];
  return first === last
    ? `offset ${first ?? '?'}`
    : `offsets ${first ?? '?'} to ${last ?? '?'} (${records.length} records)`;
}
