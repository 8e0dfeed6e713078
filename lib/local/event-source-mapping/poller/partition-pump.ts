import { Delivery, type DeliveryPorts } from '../delivery/delivery.ts';
import type { SerializedRecord } from '../delivery/lambda-event.ts';
import { RecordBuffer, type BatchLimits } from '../delivery/record-buffer.ts';
import type { RetryPolicy } from '../mapping/definition.ts';
import { Signal } from './signal.ts';

export interface PumpOptions {
  readonly limits: BatchLimits;
  readonly retryPolicy: RetryPolicy;
  readonly ports: DeliveryPorts;
  readonly startOffset: number;
  /** An earlier pump of this partition: its running call must be over before the next one begins. */
  readonly predecessor: PartitionPump | undefined;
  /** Called whenever a batch has left the buffer. */
  readonly onSpace: () => void;
}

/** Moves the records of one assigned partition from the buffer to the function, one batch at a time. */
export class PartitionPump {
  /** Settles when the pump has stopped and no call of it is running. */
  readonly finished: Promise<void>;
  readonly #buffer: RecordBuffer;
  readonly #delivery: Delivery;
  readonly #onSpace: () => void;
  readonly #arrival = new Signal();
  readonly #stopping = new AbortController();
  readonly #closed = new AbortController();

  constructor(options: PumpOptions) {
    const { limits, ports, retryPolicy, startOffset } = options;
    const signals = { stopping: this.#stopping.signal, closed: this.#closed.signal };
    this.#buffer = new RecordBuffer(limits, startOffset);
    this.#delivery = new Delivery(ports, retryPolicy, signals, startOffset);
    this.#onSpace = options.onSpace;
    this.finished = this.#run(options.predecessor);
  }

  /** Where the next fetch of this partition begins. */
  get fetchOffset(): number {
    return this.#buffer.endOffset;
  }

  get committedOffset(): number {
    return this.#delivery.committedOffset;
  }

  get isSaturated(): boolean {
    return this.#buffer.isSaturated;
  }

  add(records: readonly SerializedRecord[], endOffset: number): void {
    this.#buffer.add(records, endOffset, Date.now());
    this.#arrival.notify();
  }

  /** Begins no further call; the running one is finished and committed. */
  stop(): void {
    this.#stopping.abort();
    this.#arrival.notify();
  }

  /** Stops, and drops the result of the running call: the partition may belong to another member now. */
  close(): void {
    this.#closed.abort();
    this.stop();
  }

  async #run(predecessor: PartitionPump | undefined): Promise<void> {
    await predecessor?.finished;
    while (!this.#stopping.signal.aborted) {
      const dueIn = this.#buffer.dueIn(Date.now());
      if (dueIn !== undefined && dueIn <= 0) {
        const batch = this.#buffer.take();
        this.#onSpace();
        await this.#delivery.deliver(batch);
        continue;
      }
      // Filtered records, gaps and transaction markers need no call.
      if (dueIn === undefined) await this.#delivery.commit(this.#buffer.endOffset);
      if (dueIn !== undefined || this.#buffer.isEmpty) await this.#arrival.wait(dueIn);
    }
  }
}
