import Long from 'kafkajs/src/utils/long.js';
import murmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';
import { wrapProducts } from './wrapping-product.ts';

const keys = [
  '',
  '1',
  'ab',
  'abc',
  '주문',
  '\u0000',
  ...Array.from({ length: 200 }, (_, length) => 'k'.repeat(length)),
];
const originals = keys.map((key) => murmur2(key));

wrapProducts();

it('when a key is hashed, the hash is the one that unpatched kafkajs computes', () => {
  expect(keys.map((key) => murmur2(key))).toEqual(originals);
});

it('when a key is as long as a record may be, hashing it does not take minutes', () => {
  const startedAt = performance.now();
  murmur2(Buffer.alloc(1_000_000, 1));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

it('when numbers of 64 bits are multiplied, the product wraps', () => {
  const largest = new Long(2n ** 63n - 1n);
  expect(largest.multiply(new Long(2n)).value).toBe(-2n);
});
