import type { PartitionProgress } from '../delivery/partition-progress.ts';
import { RecordBuffer } from '../delivery/record-buffer.ts';

/**
 * One assigned partition: its buffered records, its committed position, and whether a delivery is running.
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

  /** Reserves the partition until `work`, which must not reject, has settled. */
  occupy(work: Promise<unknown>): void {
    const underWay = work.then(() => {
      if (this.#underWay === underWay) this.#underWay = undefined;
    });
    this.#underWay = underWay;
  }
}
