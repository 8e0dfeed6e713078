import { messageOf } from '../errors.ts';
import { pause } from './pause.ts';
import { retryDelayMs } from './retry.ts';

/** The progress's dependencies. */
export interface ProgressPorts {
  /** Moves the group's offset of this partition. */
  commit(offset: number): Promise<void>;
  problem(message: string): void;
}

/** The group's progress in one partition while the partition is assigned to us. */
export class PartitionProgress {
  readonly partition: number;
  readonly #ports: ProgressPorts;
  readonly #closed = new AbortController();
  #committedOffset: number;

  constructor(partition: number, committedOffset: number, ports: ProgressPorts) {
    this.partition = partition;
    this.#committedOffset = committedOffset;
    this.#ports = ports;
  }

  get committedOffset(): number {
    return this.#committedOffset;
  }

  /** Aborted when the partition may belong to another member. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** From now on nothing is committed: the partition may belong to another member. */
  close(): void {
    this.#closed.abort();
  }

  /** Commits, unless already committed or closed; retries until the broker accepts it. */
  async commit(offset: number): Promise<void> {
    for (let failures = 1; offset > this.#committedOffset && !this.closed.aborted; failures += 1) {
      try {
        await this.#ports.commit(offset);
        this.#committedOffset = offset;
      } catch (error) {
        this.#ports.problem(`offset ${offset} not committed yet: ${messageOf(error)}`);
        await pause(retryDelayMs(failures), this.closed);
      }
    }
  }
}
