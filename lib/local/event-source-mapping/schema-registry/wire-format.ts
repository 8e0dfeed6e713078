/**
 * The format of Confluent's serializers: a zero byte, the schema id in four bytes, then the payload.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
const magicByte = 0;
const prefixBytes = 5;

/** A key or value without its prefix. */
export interface SerializedValue {
  readonly schemaId: number;
  readonly payload: Buffer;
}

/** Splits a key or value; undefined when no such serializer wrote it. */
export function readPrefix(bytes: Buffer): SerializedValue | undefined {
  if (bytes.length < prefixBytes || bytes[0] !== magicByte) return undefined;
  return { schemaId: bytes.readUInt32BE(1), payload: bytes.subarray(prefixBytes) };
}

/** A Protobuf message and its position in the file: `[1, 0]` is the first message inside the second. */
export interface IndexedMessage {
  readonly indexes: readonly number[];
  readonly message: Buffer;
}

/**
 * Reads the message indexes before a Protobuf message: their count, then each index, as zigzag varints. A
 * single zero means `[0]`, the first message of the file.
 * @throws RangeError when the payload ends within them
 */
export function readMessageIndexes(payload: Buffer): IndexedMessage {
  const varints = new VarintReader(payload);
  const count = varints.next();
  if (count === 0) return { indexes: [0], message: varints.rest() };
  if (count < 0 || count > payload.length)
    throw new RangeError(`${count} is not a valid number of message indexes`);
  const indexes = Array.from({ length: count }, () => varints.next());
  return { indexes, message: varints.rest() };
}

class VarintReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** https://protobuf.dev/programming-guides/encoding/#signed-ints */
  next(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) throw new RangeError('the payload ends within its message indexes');
      this.#position += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new RangeError('a message index takes at most five bytes');
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#position);
  }
}
