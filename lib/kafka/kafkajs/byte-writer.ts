/** What Kafka calls bytes; strings are written as UTF-8, and null has a length of -1. */
export type Bytes = Buffer | string | null;

/**
 * Writes the primitive types of Kafka's protocol in sequence.
 * https://kafka.apache.org/protocol#protocol_types
 */
export class ByteWriter {
  readonly bytes: Buffer;
  #offset = 0;

  /** @param length how many bytes will be written */
  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  int8(value: number): void {
    this.#offset = this.bytes.writeInt8(value, this.#offset);
  }

  int16(value: number): void {
    this.#offset = this.bytes.writeInt16BE(value, this.#offset);
  }

  int32(value: number): void {
    this.#offset = this.bytes.writeInt32BE(value, this.#offset);
  }

  int64(value: bigint): void {
    this.#offset = this.bytes.writeBigInt64BE(value, this.#offset);
  }

  /**
   * A 32-bit integer in zigzag encoding, seven bits per byte.
   * https://protobuf.dev/programming-guides/encoding/#signed-ints
   */
  varint(value: number): void {
    let rest = zigzag(value);
    while (rest > 0x7f) {
      this.bytes[this.#offset++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.#offset++] = rest;
  }

  /** Bytes preceded by their length. */
  varintBytes(value: Bytes): void {
    this.varint(lengthOf(value));
    if (value === null) return;
    this.#offset +=
      typeof value === 'string'
        ? this.bytes.write(value, this.#offset)
        : value.copy(this.bytes, this.#offset);
  }
}

/** How many bytes {@link ByteWriter.varint} writes for a 32-bit integer. */
export function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value) >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

/** How many bytes {@link ByteWriter.varintBytes} writes. */
export function sizeOfVarintBytes(value: Bytes): number {
  const length = lengthOf(value);
  return sizeOfVarint(length) + Math.max(0, length);
}

/** Maps numbers near zero, negative ones included, to small positive ones. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function lengthOf(value: Bytes): number {
  if (value === null) return -1;
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}
