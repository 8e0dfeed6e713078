import type { DeliveryPorts } from '../delivery/delivery.ts';
import { judgeItemFailures, type InvocationResult } from '../delivery/invocation-result.ts';
import type { Invoker } from '../delivery/invoker.ts';
import {
  envelopeBytes,
  maximumEventBytes,
  type EventOrigin,
  type SerializedRecord,
} from '../delivery/lambda-event.ts';
import type { BatchLimits } from '../delivery/record-buffer.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from '../destination/failure-destination.ts';
import type { MappingDefinition } from '../mapping/definition.ts';
import { offsetsOf, type MappingReport } from './mapping-report.ts';

/** Makes the payload of a call. */
export type WriteEvent = (origin: EventOrigin, records: readonly SerializedRecord[]) => string;

/** What a mapping's records pass through on their way to the function. */
export class RecordDelivery {
  readonly #definition: MappingDefinition;
  readonly #origin: EventOrigin;
  readonly #invoker: Invoker;
  readonly #destination: FailureDestination | undefined;
  readonly #report: MappingReport;
  readonly #write: WriteEvent;

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
  }

  limitsOf(partition: number): BatchLimits {
    const { batchSize, batchWindowMs } = this.#definition;
    return {
      batchSize,
      batchWindowMs,
      recordBytes: maximumEventBytes - envelopeBytes(this.#origin, partition),
    };
  }

  portsOf(partition: number, commit: DeliveryPorts['commit']): DeliveryPorts {
    const { recordBytes } = this.limitsOf(partition);
    return {
      commit,
      invoke: (records) => this.#invoke(records),
      isTooLarge: (record) => record.bytes > recordBytes,
      discard: (batch) => this.#discard(batch),
      report: this.#report.forPartition(partition),
    };
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
    this.#report.detail(
      `partition ${records[0]?.partition ?? 0}, ${offsetsOf(records)}: ${result.type}, ${duration} ms`,
    );
    if (result.type !== 'answer') return result;
    // Without the option AWS ignores what the function returns.
    if (!retryPolicy.reportBatchItemFailures) return { type: 'success' };
    return judgeItemFailures(result.payload, topic, records);
  }

  async #discard(batch: FailedBatch): Promise<void> {
    const what = `partition ${batch.records[0]?.partition ?? 0}, ${offsetsOf(batch.records)}`;
    if (!this.#destination) {
      this.#report.skipped(
        `${what} SKIPPED (${batch.condition}): there is no failure destination, the data is lost`,
      );
      return;
    }
    await this.#destination.send(batch);
    this.#report.problem(`${what} sent to ${this.#destination.name} (${batch.condition})`);
  }
}
