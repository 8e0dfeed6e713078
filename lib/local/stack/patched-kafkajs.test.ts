import Decoder from 'kafkajs/src/protocol/decoder.js';
import { groupReadHeadersInPlace } from '../../kafka/kafkajs/headers-by-name.ts';
import { applyKafkaJsFixes, orderedHeaders } from '../event-source-mapping/kafka/kafkajs-fixes.ts';

// eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
const { readVarIntArray } = Decoder.prototype;

afterEach(() => {
  Decoder.prototype.readVarIntArray = readVarIntArray;
});

/** A record's headers as kafkajs, which only reduces them, returns them. */
function read(headers: readonly { readonly key: string; readonly value: Buffer }[]): object {
  const left = headers.values();
  const decoder = Object.assign(Object.create(Decoder.prototype) as Decoder, {
    readVarInt: () => headers.length,
  });
  return decoder.readVarIntArray(() => left.next().value).reduce((sofar) => sofar, undefined) ?? {};
}

it.each([
  ['functions first, then the triggers', [groupReadHeadersInPlace, applyKafkaJsFixes]],
  ['triggers first, then the functions', [applyKafkaJsFixes, groupReadHeadersInPlace]],
])('when kafkajs is patched for the %s, a record keeps its headers and their order', (_order, patches) => {
  for (const patch of patches) patch();
  const headers = ['b', 'a', 'b'].map((key, index) => ({ key, value: Buffer.from([index]) }));
  const grouped = read(headers);
  expect(Object.entries(grouped)).toEqual([
    ['b', [headers[0]?.value, headers[2]?.value]],
    ['a', headers[1]?.value],
  ]);
  expect([...orderedHeaders(grouped)]).toEqual(headers);
});
