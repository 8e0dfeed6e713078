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
declare module 'kafkajs/src/protocol/encoder.js' {
  /** A number, or what kafkajs makes of 64 bits. */
  type VarLong = number | bigint | { readonly value: bigint };
  class Encoder {
    static sizeOfVarInt(value: number): number;
    static sizeOfVarLong: (value: VarLong) => number;
    buf: Buffer;
    offset: number;
    readonly buffer: Buffer;
    ensureAvailable(bytes: number): void;
    writeUVarInt(this: Encoder, value: number): Encoder;
    writeVarInt(value: number): Encoder;
    writeVarLong: (this: Encoder, value: VarLong) => Encoder;
  }
  export default Encoder;
}
