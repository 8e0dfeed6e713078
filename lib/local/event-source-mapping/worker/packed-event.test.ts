import { keyOf, packRecord, unpackEvent } from './packed-event.js';

it.each([[{ records: {} }], [{}], ['text'], [null], [undefined]])(
  'when an event (%j) is not packed, it is returned as it is',
  (event) => {
    expect(unpackEvent(event)).toBe(event);
  },
);

it('when a packed record’s key is read, it is the same byte for byte', () => {
  const parts = { offset: 1, timestampMs: 2, timestampType: 'CREATE_TIME', value: undefined, headers: [] };
  const key = Buffer.from([0, 200, 45]);
  expect(keyOf(packRecord({ ...parts, key: key.toString('base64') }))).toEqual(key);
  expect(keyOf(packRecord({ ...parts, key: '' }))).toEqual(Buffer.alloc(0));
  expect(keyOf(packRecord({ ...parts, key: undefined }))).toBeNull();
});
