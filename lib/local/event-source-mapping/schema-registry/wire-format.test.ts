import { readMessageIndexes, readPrefix } from './wire-format.ts';

it('when bytes begin with a zero byte, the next four are the id', () => {
  expect(readPrefix(Buffer.from([0, 0, 1, 0, 2, 7]))).toEqual({ schemaId: 65538, payload: Buffer.from([7]) });
  expect(readPrefix(Buffer.from([0, 255, 255, 255, 255]))?.schemaId).toBe(4294967295);
});

it.each([
  ['empty', []],
  ['short', [0, 0, 0, 1]],
  ['plain JSON', [...Buffer.from('{"a":1}')]],
  // https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html: version 3, compression, a UUID
  ['Glue', [3, 0, ...Array<number>(16).fill(1)]],
])('when bytes are not in the wire format (%s), there is no id', (_, bytes) => {
  expect(readPrefix(Buffer.from(bytes))).toBeUndefined();
});

it.each([
  ['the first message', [0, 9], [0]],
  ['the second', [2, 2, 9], [1]],
  ['a nested one', [4, 2, 0, 9], [1, 0]],
  ['one with a large index', [2, 0x80, 0x02, 9], [128]],
])('when the payload holds %s, its path is read', (_, bytes, indexes) => {
  expect(readMessageIndexes(Buffer.from(bytes))).toEqual({ indexes, message: Buffer.from([9]) });
});

it.each([[[]], [[2]], [[3]], [[0x80]], [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]])(
  'when the indexes %j are truncated or absurd, they are refused',
  (bytes) => {
    expect(() => readMessageIndexes(Buffer.from(bytes))).toThrow(RangeError);
  },
);
