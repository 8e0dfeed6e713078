import type { SerializedRecord } from './lambda-event.ts';

/** When a batch is complete. */
export interface BatchLimits {
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Bytes that the records of one event may take, commas included. */
  readonly recordBytes: number;
}

/** Records of one invocation, and the offset to commit when all of them are done. */
export interface Batch {
  readonly records: readonly SerializedRecord[];
  readonly endOffset: number;
}

interface Entry {
  readonly record: SerializedRecord;
  readonly arrivedAt: number;
  /** The position after this record and everything behind it that needs no delivery. */
  endOffset: number;
}

/**
 * Fetched records of one partition that wait for their invocation.
 * A batch is complete when it is full by number or by bytes, or when its window, which begins with its first
 * record, is over: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export class RecordBuffer {
  readonly #limits: BatchLimits;
  #entries: Entry[] = [];
  #bytes = 0;
  #endOffset: number;

  constructor(limits: BatchLimits, startOffset: number) {
    this.#limits = limits;
    this.#endOffset = startOffset;
  }

  /** The position behind everything that was added: where the next fetch begins. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Whether the next batch is there in full, and as much again: no need to fetch more now. */
  get isSaturated(): boolean {
    return this.#entries.length >= 2 * this.#limits.batchSize || this.#bytes >= this.#limits.recordBytes;
  }

  /** Adds records in offset order; `endOffset` lies behind filtered records, gaps and markers, too. */
  add(records: readonly SerializedRecord[], endOffset: number, now: number): void {
    for (const record of records) {
      this.#skipTo(record.offset);
      this.#entries.push({ record, arrivedAt: now, endOffset: record.offset + 1 });
      this.#bytes += record.bytes + 1;
    }
    this.#skipTo(endOffset);
  }

  /** Milliseconds until a batch is due: 0 or less for now, `undefined` while there is no record. */
  dueIn(now: number): number | undefined {
    const first = this.#entries[0];
    if (!first) return undefined;
    const count = this.#nextCount();
    if (count === this.#limits.batchSize || count < this.#entries.length) return 0;
    return first.arrivedAt + this.#limits.batchWindowMs - now;
  }

  /** Takes the next batch out of the buffer. */
  take(): Batch {
    const entries = this.#entries.splice(0, this.#nextCount());
    this.#bytes -= entries.reduce((sum, { record }) => sum + record.bytes + 1, 0);
    return {
      records: entries.map(({ record }) => record),
      endOffset: entries.at(-1)?.endOffset ?? this.#endOffset,
    };
  }

  /** As many records as fit by number and bytes; a record that is too large by itself goes alone. */
  #nextCount(): number {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#entries) {
      bytes += record.bytes + 1;
      if (count === this.#limits.batchSize || (count > 0 && bytes > this.#limits.recordBytes + 1)) break;
      count += 1;
    }
    return count;
  }

  #skipTo(offset: number): void {
    const last = this.#entries.at(-1);
    if (last) last.endOffset = Math.max(last.endOffset, offset);
    this.#endOffset = Math.max(this.#endOffset, offset);
  }
}
