import Encoder from 'kafkajs/src/protocol/encoder.js';

/**
 * kafkajs 2.2.4 writes each number of a record, some twenty with our headers, through an array and a buffer of its own, and computes the
 * time of each record with BigInts: a quarter of the 13 µs that a record takes it. These write the same bytes in place, for every
 * kafkajs client of the process. https://protobuf.dev/programming-guides/encoding/#varints
 */
Encoder.prototype.writeUVarInt = function writeUVarInt(value) {
  this.ensureAvailable(5); // bytes that 32 bits take at most
  let rest = value >>> 0;
  while (rest > 0x7f) {
    this.buf[this.offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  this.buf[this.offset++] = rest;
  return this;
};

const { sizeOfVarLong } = Encoder;
const { writeVarLong } = Encoder.prototype;

/** A number of 32 bits is written as one of 64 is: zigzag and base 128 leave out what is not needed. */
function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

Encoder.sizeOfVarLong = (value) => (isInt32(value) ? Encoder.sizeOfVarInt(value) : sizeOfVarLong(value));

Encoder.prototype.writeVarLong = function writeShortVarLong(value) {
  return isInt32(value) ? this.writeVarInt(value) : writeVarLong.call(this, value);
};
