import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';

/** A header as it stands in the record: kafkajs itself loses the order of names that repeat. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

const ORDERED_HEADERS = Symbol('ordered headers');

/** All headers of a message in their order, repeated names included. */
export function orderedHeaders(headers: object | undefined): readonly RecordHeader[] {
  return (headers as { [ORDERED_HEADERS]?: readonly RecordHeader[] } | undefined)?.[ORDERED_HEADERS] ?? [];
}

/** kafkajs reduces the decoded list of headers to an object; this list leaves a hidden copy of itself there. */
class HeaderList extends Array<unknown> {
  override reduce(combine: never, initial?: unknown): unknown {
    const headers = super.reduce(combine, initial as never) as object;
    Object.defineProperty(headers, ORDERED_HEADERS, { value: Array.from(this) });
    return headers;
  }
}

/**
 * Cures two faults of kafkajs 2.2.4 by one method each, for every kafkajs client of the process and without
 * other effects:
 * - a timer per connection that fires each millisecond (https://github.com/tulios/kafkajs/issues/1751);
 * - the lost order of headers (the only arrays of varint length in the protocol are record headers).
 */
export function applyKafkaJsFixes(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(1, this.throttledUntil - Date.now()),
    );
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its decoder below
  const readVarIntArray = Decoder.prototype.readVarIntArray;
  Decoder.prototype.readVarIntArray = function <T>(reader: (decoder: Decoder) => T): T[] {
    const entries = readVarIntArray.call(this, reader);
    return entries.length === 0 ? (entries as T[]) : (HeaderList.from(entries) as unknown as T[]);
  };
}
