import { keyOf, packRecord, unpackEvent } from './packed-event.js';

it.each([[{ records: {} }], [{}], ['text'], [null], [undefined]])(
  'when %j comes from elsewhere, it stays as it is',
  (event) => {
    expect(unpackEvent(event)).toBe(event);
  },
);

it('when the key of a packed record is asked for, it is there byte for byte', () => {
  const parts = { offset: 1, timestampMs: 2, timestampType: 'CREATE_TIME', value: undefined, headers: [] };
  const key = Buffer.from([0, 200, 45]);
  expect(keyOf(packRecord({ ...parts, key: key.toString('base64') }))).toEqual(key);
  expect(keyOf(packRecord({ ...parts, key: '' }))).toEqual(Buffer.alloc(0));
  expect(keyOf(packRecord({ ...parts, key: undefined }))).toBeNull();
});
