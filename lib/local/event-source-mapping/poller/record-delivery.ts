import type { BatchLimits } from '../delivery/batch-plan.ts';
import { Delivery, type BatchPart, type DeliveryPorts } from '../delivery/delivery.ts';
import { judgeItemFailures, type InvocationResult } from '../delivery/invocation-result.ts';
import type { Invoker } from '../delivery/invoker.ts';
import {
  envelopeBytes,
  maximumEventBytes,
  type EventOrigin,
  partitionFrameBytes,
  type SerializedRecord,
} from '../delivery/lambda-event.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from '../destination/failure-destination.ts';
import type { MappingDefinition } from '../mapping/definition.ts';
import { placesOf, type MappingReport } from './mapping-report.ts';

/** Builds the payload of a call. */
export type WriteEvent = (origin: EventOrigin, records: readonly SerializedRecord[]) => string;

/** Delivers a mapping's batches: limits, invocation and failure destination. */
export class RecordDelivery {
  readonly #definition: MappingDefinition;
  readonly #origin: EventOrigin;
  readonly #invoker: Invoker;
  readonly #destination: FailureDestination | undefined;
  readonly #report: MappingReport;
  readonly #write: WriteEvent;
  readonly #ports: DeliveryPorts;

  constructor(options: {
    definition: MappingDefinition;
    origin: EventOrigin;
    invoker: Invoker;
    destination: FailureDestination | undefined;
    report: MappingReport;
    write: WriteEvent;
  }) {
    this.#definition = options.definition;
    this.#origin = options.origin;
    this.#invoker = options.invoker;
    this.#destination = options.destination;
    this.#report = options.report;
    this.#write = options.write;
    const { eventBytes, partitionBytes } = this.limits;
    this.#ports = {
      invoke: (records) => this.#invoke(records),
      isTooLarge: ({ partition, bytes }) => partitionBytes(partition) + bytes + 1 > eventBytes,
      discard: (batch) => this.#discard(batch),
      report: this.#report,
    };
  }

  get limits(): BatchLimits {
    const { batchSize, batchWindowMs } = this.#definition;
    return {
      batchSize,
      batchWindowMs,
      // Plus one, since every part counts a trailing comma, even the last.
      eventBytes: maximumEventBytes - envelopeBytes(this.#origin) + 1,
      partitionBytes: (partition) => partitionFrameBytes(this.#origin, partition),
    };
  }

  /** Resolves when every record of the batch is done; when `stopping` aborts, after the running call. */
  async deliver(parts: readonly BatchPart[], stopping: AbortSignal): Promise<void> {
    await new Delivery(this.#ports, this.#definition.retryPolicy, parts, stopping).deliver();
  }

  async close(): Promise<void> {
    await this.#destination?.close();
  }

  async #invoke(records: readonly SerializedRecord[]): Promise<InvocationResult> {
    const { functionName, functionTimeoutMs, retryPolicy, topic } = this.#definition;
    const startedAt = Date.now();
    const result = await this.#invoker.invoke(
      functionName,
      functionTimeoutMs,
      this.#write(this.#origin, records),
    );
    const duration = Date.now() - startedAt;
    this.#report.detail(`${placesOf(records)}: ${result.type}, ${duration} ms`);
    if (result.type !== 'answer') return result;
    // Without the option AWS ignores what the function returns.
    if (!retryPolicy.reportBatchItemFailures) return { type: 'success' };
    return judgeItemFailures(result.payload, topic, records);
  }

  async #discard(batch: FailedBatch): Promise<void> {
    const what = placesOf(batch.records);
    const reason = batch.records[0]?.undecodable?.reason;
    const why = reason === undefined ? batch.condition : `${batch.condition}: ${reason}`;
    if (!this.#destination) {
      this.#report.skipped(
        `${what} SKIPPED (${why}): no failure destination is configured, the data is lost`,
      );
      return;
    }
    await this.#destination.send(batch);
    this.#report.problem(`${what} sent to ${this.#destination.name} (${why})`);
  }
}
