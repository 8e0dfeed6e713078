import type { PartitionProgress } from '../delivery/partition-progress.ts';
import { RecordBuffer } from '../delivery/record-buffer.ts';

/**
 * One assigned partition: what was fetched of it, how far it is committed, and whether something is under
 * way.
 */
export class AssignedPartition {
  readonly partition: number;
  readonly buffer: RecordBuffer;
  readonly progress: PartitionProgress;
  #underWay: Promise<unknown> | undefined;

  constructor(progress: PartitionProgress) {
    this.partition = progress.partition;
    this.progress = progress;
    this.buffer = new RecordBuffer(progress.committedOffset);
  }

  get isIdle(): boolean {
    return this.#underWay === undefined;
  }

  /** Resolves when no call with records of this partition is running. */
  async untilIdle(): Promise<void> {
    while (this.#underWay) await this.#underWay;
  }

  /** Lets nothing else begin with this partition before `work`, which must not reject, is over. */
  occupy(work: Promise<unknown>): void {
    const underWay = work.then(() => {
      if (this.#underWay === underWay) this.#underWay = undefined;
    });
    this.#underWay = underWay;
  }
}
