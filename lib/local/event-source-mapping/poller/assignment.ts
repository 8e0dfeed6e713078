import { untilAborted } from '../delivery/pause.ts';
import type { PartitionPump } from './partition-pump.ts';
import type { StartOffsets } from './start-offsets.ts';

type CreatePump = (
  partition: number,
  startOffset: number,
  predecessor: PartitionPump | undefined,
) => PartitionPump;

/** The partitions that the group has given to this member, each with its pump. */
export class Assignment {
  readonly #createPump: CreatePump;
  readonly #pumps = new Map<number, PartitionPump>();
  /** Pumps of partitions given away; a call of theirs may still be running. */
  readonly #retired = new Map<number, PartitionPump>();

  constructor(createPump: CreatePump) {
    this.#createPump = createPump;
  }

  get partitions(): number[] {
    return [...this.#pumps.keys()].sort((a, b) => a - b);
  }

  pumpOf(partition: number): PartitionPump | undefined {
    return this.#pumps.get(partition);
  }

  /** Closes the pumps of all partitions but these: late results must not be committed. */
  retain(partitions: readonly number[]): void {
    for (const partition of this.partitions) {
      if (!partitions.includes(partition)) this.#retire(partition);
    }
  }

  /**
   * Gives each partition a pump that begins at the group's committed offset. A pump that is there already is kept,
   * with its buffer and its running call, unless somebody else has gone on from where it stands.
   */
  settle(partitions: readonly number[], { offsets, uncommitted }: StartOffsets): void {
    for (const partition of partitions) {
      const offset = offsets.get(partition) ?? 0;
      const pump = this.#pumps.get(partition);
      if (pump && !uncommitted.has(partition) && offset <= pump.committedOffset) continue;
      this.restart(partition, offset);
    }
  }

  /** Gives a partition a new pump that begins at this offset. */
  restart(partition: number, offset: number): PartitionPump {
    this.#retire(partition);
    const pump = this.#createPump(partition, offset, this.#retired.get(partition));
    this.#pumps.set(partition, pump);
    return pump;
  }

  /** Lets running calls finish and commit, then resolves; at the abort of `deadline` their results are dropped. */
  async drain(deadline: AbortSignal): Promise<void> {
    const pumps = [...this.#pumps.values()];
    for (const pump of pumps) pump.stop();
    await untilAborted(Promise.all(pumps.map((pump) => pump.finished)), deadline);
    for (const pump of pumps) pump.close();
  }

  #retire(partition: number): void {
    const pump = this.#pumps.get(partition);
    if (!pump) return;
    pump.close();
    this.#pumps.delete(partition);
    this.#retired.set(partition, pump);
  }
}
