/** kafkajs 2.2.4 has no `exports` map, so its inner modules can be reached; they carry no types. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    throttledUntil: number;
    pending: unknown[];
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(this: RequestQueue): void;
  }
  export default RequestQueue;
}
declare module 'kafkajs/src/protocol/decoder.js' {
  class Decoder {
    readVarIntArray<T>(reader: (decoder: Decoder) => T): T[];
  }
  export default Decoder;
}
declare module 'kafkajs/src/utils/long.js' {
  class Long {
    readonly value: bigint;
    constructor(value: bigint);
    multiply(this: Long, multiplier: Long | number): Long;
  }
  export default Long;
}
declare module 'kafkajs/src/protocol/encoder.js' {
  class Encoder {
    readonly buffer: Buffer;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeString(value: string | null): this;
    writeBytes(value: Buffer): this;
  }
  export default Encoder;
}
declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  export default function crc32C(bytes: Buffer): number;
}
declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';
  type Bytes = Buffer | string | null;
  export interface Message {
    readonly key?: Bytes;
    readonly value: Bytes;
    readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
    readonly timestamp?: string;
  }
  export interface ProduceParameters {
    readonly acks: number;
    readonly timeout: number;
    readonly compression?: number;
    readonly transactionalId?: string | undefined;
    /** Of an idempotent producer: kafkajs reads it as text. */
    readonly producerId?: string | undefined;
    readonly producerEpoch?: number | undefined;
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly firstSequence?: number;
        readonly messages: readonly Message[];
      }[];
    }[];
  }
  interface Exchange {
    readonly request: { readonly encode: () => Promise<Encoder> };
    readonly response: unknown;
  }
  interface Produce {
    protocol: (options: { readonly version: number }) => (parameters: ProduceParameters) => Exchange;
  }
  const produce: Produce;
  export default produce;
}
