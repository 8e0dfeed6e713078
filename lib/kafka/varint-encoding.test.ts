import fc from 'fast-check';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import './varint-encoding.ts';

/** As the specification has it: zigzag, then seven bits to a byte, least significant first, the top bit set on all but the last. */
function specified(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('when a number of 32 bits is written, its bytes are those of the specification', () => {
  fc.assert(
    fc.property(int32, (value) => {
      expect(new Encoder().writeVarInt(value).buffer).toEqual(specified(BigInt(value)));
    }),
  );
});

it('when a number of up to 64 bits is written, its bytes are those of the specification, and counted before', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(fc.oneof(int32, int64), (value) => {
      const bytes = specified(BigInt(value));
      expect(new Encoder().writeVarLong(value).buffer).toEqual(bytes);
      expect(Encoder.sizeOfVarLong(value)).toBe(bytes.length);
    }),
  );
});

it('when numbers are written one after the other, the encoder grows', () => {
  const values = Array.from({ length: 2000 }, (_, index) => index * 1000);
  const encoder = new Encoder();
  for (const value of values) encoder.writeVarInt(value);
  expect(encoder.buffer).toEqual(Buffer.concat(values.map((value) => specified(BigInt(value)))));
});
