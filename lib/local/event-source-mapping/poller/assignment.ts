import { untilAborted } from '../delivery/pause.ts';
import type { AssignedPartition } from './assigned-partition.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { StartOffsets } from './start-offsets.ts';

type CreatePartition = (partition: number, startOffset: number) => AssignedPartition;

/** The partitions assigned to this member of the group. */
export class Assignment {
  readonly #dispatcher: Dispatcher;
  readonly #create: CreatePartition;
  readonly #assigned = new Map<number, AssignedPartition>();
  /** Revoked partitions; a call with their records may still be running. */
  readonly #retired = new Map<number, AssignedPartition>();

  constructor(dispatcher: Dispatcher, create: CreatePartition) {
    this.#dispatcher = dispatcher;
    this.#create = create;
  }

  get partitions(): number[] {
    return [...this.#assigned.keys()].sort((a, b) => a - b);
  }

  find(partition: number): AssignedPartition | undefined {
    return this.#assigned.get(partition);
  }

  /** Closes all partitions except these: late results must not be committed. */
  retain(partitions: readonly number[]): void {
    for (const partition of this.partitions) {
      if (!partitions.includes(partition)) this.#retire(partition);
    }
  }

  /**
   * Starts each partition at the group's committed offset. One that is already assigned is kept, with its
   * buffer and running call, unless another member has committed past it.
   */
  settle(partitions: readonly number[], { offsets, uncommitted }: StartOffsets): void {
    for (const partition of partitions) {
      const offset = offsets.get(partition) ?? 0;
      const known = this.#assigned.get(partition);
      if (known && !uncommitted.has(partition) && offset <= known.progress.committedOffset) continue;
      this.restart(partition, offset);
    }
  }

  /** Restarts a partition at this offset. */
  restart(partition: number, offset: number): AssignedPartition {
    this.#retire(partition);
    const started = this.#create(partition, offset);
    this.#assigned.set(partition, started);
    this.#dispatcher.add(started, this.#retired.get(partition));
    return started;
  }

  /**
   * Lets running calls finish and commit, then resolves; when `deadline` aborts, their results are dropped.
   */
  async drain(deadline: AbortSignal): Promise<void> {
    const assigned = [...this.#assigned.values()];
    this.#dispatcher.stop();
    await untilAborted(Promise.all(assigned.map((partition) => partition.untilIdle())), deadline);
    for (const { progress } of assigned) progress.close();
  }

  #retire(partition: number): void {
    const retired = this.#assigned.get(partition);
    if (!retired) return;
    retired.progress.close();
    this.#dispatcher.remove(partition);
    this.#assigned.delete(partition);
    this.#retired.set(partition, retired);
  }
}
