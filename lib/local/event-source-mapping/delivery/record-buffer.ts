import type { SerializedRecord } from './lambda-event.ts';

/** Records of one partition in flight, and the offset to commit when all of them are done. */
export interface Share {
  readonly records: readonly SerializedRecord[];
  readonly endOffset: number;
}

/** The free space in a batch. */
export interface Room {
  readonly records: number;
  /** Bytes available for records, each counted with the comma after it. */
  readonly bytes: number;
}

interface Entry {
  readonly record: SerializedRecord;
  readonly arrivedAt: number;
  /** The position after this record and any following offsets that need no delivery. */
  endOffset: number;
}

/** Fetched records of one partition waiting to be delivered, in offset order. */
export class RecordBuffer {
  #entries: Entry[] = [];
  #bytes = 0;
  #endOffset: number;

  constructor(startOffset: number) {
    this.#endOffset = startOffset;
  }

  /** The position after everything added so far, where the next fetch starts. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get count(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the first waiting record arrived, in ms since 1970; undefined when there is none. */
  get firstArrival(): number | undefined {
    return this.#entries[0]?.arrivedAt;
  }

  /** Adds records in offset order; `endOffset` is past filtered records, gaps and markers too. */
  add(records: readonly SerializedRecord[], endOffset: number, now: number): void {
    for (const record of records) {
      this.#skipTo(record.offset);
      this.#entries.push({ record, arrivedAt: now, endOffset: record.offset + 1 });
      this.#bytes += record.bytes + 1;
    }
    this.#skipTo(endOffset);
  }

  /** How many of the next records fit, and the bytes they take. */
  fitting(room: Room): { count: number; bytes: number } {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#entries) {
      if (count === room.records || bytes + record.bytes + 1 > room.bytes) break;
      bytes += record.bytes + 1;
      count += 1;
    }
    return { count, bytes };
  }

  /** Removes the next records from the buffer. */
  take(count: number): Share {
    const entries = this.#entries.splice(0, count);
    this.#bytes -= entries.reduce((sum, { record }) => sum + record.bytes + 1, 0);
    return {
      records: entries.map(({ record }) => record),
      endOffset: entries.at(-1)?.endOffset ?? this.#endOffset,
    };
  }

  #skipTo(offset: number): void {
    const last = this.#entries.at(-1);
    if (last) last.endOffset = Math.max(last.endOffset, offset);
    this.#endOffset = Math.max(this.#endOffset, offset);
  }
}
