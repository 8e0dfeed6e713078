import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Long from 'kafkajs/src/utils/long.js';

/** A header as it is in the record; kafkajs itself loses the order of repeated names. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

const headerList = Symbol('ordered headers');

/** Headers as kafkajs returns them, with the ordered list hidden inside. */
interface HeadersByName {
  [name: string]: Buffer | null | (Buffer | null)[];
  [headerList]?: readonly RecordHeader[];
}

/** All headers of a message in order, including repeated names. */
export function orderedHeaders(headers: object | undefined): readonly RecordHeader[] {
  return (headers as HeadersByName | undefined)?.[headerList] ?? [];
}

/**
 * The object that kafkajs builds from a list of headers, copying it once per header; here it is filled in
 * place.
 */
function byName(list: readonly RecordHeader[]): HeadersByName {
  // Without a prototype: a header may be called `constructor`.
  const headers = Object.create(null) as HeadersByName;
  for (const { key, value } of list) {
    const sofar = headers[key];
    if (sofar === undefined) headers[key] = value;
    else if (Array.isArray(sofar)) sofar.push(value);
    else headers[key] = [sofar, value];
  }
  headers[headerList] = list;
  return headers;
}

/** How long a fetch may wait while a partition is paused, in ms. */
const maximumWaitWhilePausedMs = 50;

/**
 * Fixes four defects of kafkajs 2.2.4, one method each, for every kafkajs client of the process and without
 * other effects:
 * - a timer per connection that fires each millisecond (https://github.com/tulios/kafkajs/issues/1751);
 * - the lost order of headers (the only arrays of varint length in the protocol are record headers);
 * - a fetch that waits for records as long as it may though a partition is paused: `resume` does not
 *   interrupt it, so the resumed partition would stay idle until then;
 * - products of 64-bit numbers that never wrap, so that hashing a key of 800 kB takes 80 s. The hash stays
 *   the same, since only its lowest 32 bits count.
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
    const list = readVarIntArray.call(this, reader) as RecordHeader[];
    // kafkajs only reduces the list.
    return { reduce: () => byName(list) } as unknown as T[];
  };
  const longestWaits = new WeakMap<ConsumerGroup, number>();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its group below
  const fetch = ConsumerGroup.prototype.fetch;
  ConsumerGroup.prototype.fetch = function (nodeId) {
    const longestMs = longestWaits.get(this) ?? this.maxWaitTime;
    longestWaits.set(this, longestMs);
    const isPaused = this.subscriptionState.paused().length > 0;
    this.maxWaitTime = isPaused ? Math.min(longestMs, maximumWaitWhilePausedMs) : longestMs;
    return fetch.call(this, nodeId);
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its number below
  const { multiply } = Long.prototype;
  Long.prototype.multiply = function (multiplier) {
    return new Long(BigInt.asIntN(64, multiply.call(this, multiplier).value));
  };
}
