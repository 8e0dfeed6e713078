/** kafkajs 2.2.4 has no `exports` map: its internal modules can be imported but have no types. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  export default class ConsumerGroup {
    /** How long a fetch may wait for records, in ms. */
    maxWaitTime: number;
    readonly subscriptionState: { paused(): readonly unknown[] };
    fetch(nodeId: number): Promise<unknown>;
  }
}

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(buffer: Buffer);
    readVarIntArray<T>(reader: (decoder: Decoder) => T): T[];
  }
}

declare module 'kafkajs/src/utils/long.js' {
  export default class Long {
    readonly value: bigint;
    constructor(value: bigint);
    multiply(this: Long, multiplier: Long | number): Long;
  }
}

declare module 'lz4js' {
  export function compressBound(length: number): number;
  /** Returns the length of the compressed block, or 0 when it would not be smaller. */
  export function compressBlock(
    source: Uint8Array,
    target: Uint8Array,
    sourceStart: number,
    sourceLength: number,
    hashTable: Uint32Array,
  ): number;
  export function decompress(data: Uint8Array): Uint8Array;
}

declare module 'snappyjs' {
  export function compress(data: Buffer): Buffer;
  export function uncompress(data: Buffer): Buffer;
}
