import { setImmediate as nextTurn } from 'node:timers/promises';
import { isSaturated, planBatch, type BatchLimits, type BatchPlan } from '../delivery/batch-plan.ts';
import type { Containers } from '../delivery/containers.ts';
import type { BatchPart } from '../delivery/delivery.ts';
import type { SerializedRecord } from '../delivery/lambda-event.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import { Signal } from './signal.ts';

/** Which partitions may share a batch. */
export type PartitionsPerCall = 'all' | 'one';

export interface DispatcherOptions {
  readonly limits: BatchLimits;
  readonly partitionsPerCall: PartitionsPerCall;
  /** The function's containers; a batch is formed when one of them is free. */
  readonly containers: Pick<Containers, 'hasFree' | 'untilFree'>;
  /** Delivers a batch to the function; resolves when it is done, or when it is stopped. */
  readonly deliver: (parts: readonly BatchPart[], stopping: AbortSignal) => Promise<void>;
  /** Called when records have left a partition's buffer. */
  readonly onSpace: (partition: AssignedPartition) => void;
}

type Plan = BatchPlan<AssignedPartition>;

/**
 * Forms batches from the partitions' buffers and delivers them concurrently. A partition in a running
 * delivery waits until it ends, however many attempts it takes; the others continue. While the function's
 * containers are busy no batch is formed, so the next one contains everything that arrives until then: fewer
 * calls instead of one per partition.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #partitions = new Map<number, AssignedPartition>();
  readonly #changed = new Signal();
  #dispatching = Promise.withResolvers<undefined>();
  readonly #stopping = new AbortController();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Adds a partition; a predecessor with the same number is replaced once its running delivery has ended. */
  add(partition: AssignedPartition, predecessor: AssignedPartition | undefined): void {
    if (predecessor) this.#occupy([partition], predecessor.untilIdle());
    this.#partitions.set(partition.partition, partition);
    this.#changed.notify();
  }

  remove(partition: number): void {
    this.#partitions.delete(partition);
  }

  /** Records of a partition have arrived; everything before `endOffset` has been read. */
  receive(partition: AssignedPartition, records: readonly SerializedRecord[], endOffset: number): void {
    partition.buffer.add(records, endOffset, Date.now());
    this.#changed.notify();
  }

  /** Whether a record that arrives now can be delivered at once. */
  get isOpen(): boolean {
    return this.#options.containers.hasFree && [...this.#partitions.values()].some(({ isIdle }) => isIdle);
  }

  /** Resolves when the next batch leaves, or after `atMostMs`. */
  async untilNextDispatch(atMostMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#endHolds();
    }, atMostMs);
    await this.#dispatching.promise;
    clearTimeout(timer);
  }

  isSaturated({ buffer }: AssignedPartition): boolean {
    return isSaturated(buffer, this.#options.limits);
  }

  /** Starts no further calls; running ones finish and are committed. */
  stop(): void {
    this.#stopping.abort();
    this.#changed.notify();
  }

  async #run(): Promise<void> {
    const { containers } = this.#options;
    let waitingSince: number | undefined;
    while (!this.#stopping.signal.aborted) {
      this.#commitPassed();
      const plan = this.#nextPlan(Date.now());
      if (!plan || plan.dueInMs > 0) await this.#changed.wait(plan?.dueInMs);
      else if (containers.hasFree) {
        this.#dispatch(plan);
        waitingSince = undefined;
        await nextTurn(); // for those that wait for a container, too: they come before the next batch
      } else {
        waitingSince ??= Date.now();
        await containers.untilFree(waitingSince);
      }
    }
  }

  /** The batch that is due first; of several that are due, the one whose first record has waited longest. */
  #nextPlan(now: number): Plan | undefined {
    const idle = [...this.#partitions.values()].filter(({ isIdle }) => isIdle);
    const groups = this.#options.partitionsPerCall === 'all' ? [idle] : idle.map((partition) => [partition]);
    return groups
      .flatMap((group) => planBatch(group, this.#options.limits, now) ?? [])
      .sort((a, b) => Math.max(a.dueInMs, 0) - Math.max(b.dueInMs, 0) || arrivalOf(a) - arrivalOf(b))[0];
  }

  #dispatch({ parts }: Plan): void {
    const taken = parts.map(({ source, count }) => ({
      ...source.buffer.take(count),
      progress: source.progress,
    }));
    const sources = parts.map(({ source }) => source);
    this.#occupy(sources, this.#options.deliver(taken, this.#stopping.signal));
    for (const source of sources) this.#options.onSpace(source);
    this.#endHolds();
  }

  #endHolds(): void {
    this.#dispatching.resolve(undefined);
    this.#dispatching = Promise.withResolvers();
  }

  /** Filtered records, gaps and transaction markers need no call. */
  #commitPassed(): void {
    for (const partition of this.#partitions.values()) {
      const { buffer, progress, isIdle } = partition;
      if (!isIdle || buffer.count > 0 || buffer.endOffset <= progress.committedOffset) continue;
      this.#occupy([partition], progress.commit(buffer.endOffset));
    }
  }

  #occupy(partitions: readonly AssignedPartition[], work: Promise<void>): void {
    for (const partition of partitions) partition.occupy(work);
    void work.then(() => {
      this.#changed.notify();
    });
  }
}

function arrivalOf({ parts }: Plan): number {
  return parts[0]?.source.buffer.firstArrival ?? Infinity;
}
