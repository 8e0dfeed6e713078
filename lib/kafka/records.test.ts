import fc from 'fast-check';
import { InvalidEventError } from '../errors.ts';
import { type KafkaEvent, lastHeader, recordsOf } from './records.ts';

/** An event parsed from JSON: fields may be missing whatever the types say. */
function eventWith(records: Record<string, unknown>): KafkaEvent {
  return { eventSource: 'SelfManagedKafka', bootstrapServers: 'b:1', records } as unknown as KafkaEvent;
}

const plain = {
  topic: 't',
  partition: 1,
  offset: 15,
  timestamp: 1_545_084_650_987,
  timestampType: 'CREATE_TIME',
  headers: [],
};
const first = (rest: object) => recordsOf(eventWith({ 't-1': [{ ...plain, ...rest }] }))[0];

describe("the records of a trigger's event", () => {
  it('when there are several partitions, come partition by partition, in offset order', () => {
    const at = (partition: number, offset: number) => ({ ...plain, partition, offset });
    const records = recordsOf(eventWith({ 't-1': [at(1, 4), at(1, 5)], 't-0': [at(0, 9)] }));
    expect(records.map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 4],
      [1, 5],
      [0, 9],
    ]);
  });

  it('when key and value are base64, come as bytes', () => {
    const { key, value } = first({ key: 'cmVjb3JkS2V5', value: '/wCA' }) ?? {};
    expect(key).toEqual(Buffer.from('recordKey'));
    expect(value).toEqual(Buffer.from([255, 0, 128]));
  });

  it.each([
    ['left out', undefined],
    ['null', null],
  ])('when key and value are %s, they were null', (_, absent) => {
    expect(first({ key: absent, value: absent })).toMatchObject({ key: null, value: null });
  });

  it('when key and value are empty, they stay empty', () => {
    expect(first({ key: '', value: '' })).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
  });

  // The fixture of https://github.com/aws/aws-lambda-go/pull/506
  it('when header bytes arrive signed, are what was sent', () => {
    expect(first({ headers: [{ h: [118, -36, 0, 127, -128] }] })?.headers).toEqual([
      { name: 'h', value: Buffer.from([118, 220, 0, 127, 128]) },
    ]);
  });

  it('when headers repeat, keeps their order, and the last counts', () => {
    const found = first({ headers: [{ h: [49] }, { i: [50] }, { h: [51] }] });
    expect(found?.headers.map(({ name, value }) => name + value.toString())).toEqual(['h1', 'i2', 'h3']);
    expect(found && lastHeader(found, 'h')?.toString()).toBe('3');
    expect(found && lastHeader(found, 'none')).toBeUndefined();
  });

  it('when the value of a header is null, treats it as empty', () => {
    expect(first({ headers: [{ h: null }] })?.headers).toEqual([{ name: 'h', value: Buffer.alloc(0) }]);
  });

  it('when the event was typed in without headers, has none', () => {
    expect(first({ headers: undefined })?.headers).toEqual([]);
  });
});

describe('an event that no trigger sends', () => {
  it.each([
    ['nothing', undefined, /The event must be an object/],
    ['a text', 'order', /The event must be an object/],
    ['no records', {}, /^records must be an object/],
    ['records that are a text', { records: 'x' }, /^records must be an object/],
    ['a record where a list is expected', { records: { 't-0': plain } }, /^records\["t-0"\] must be a list/],
  ])('when it holds %s, says which field is wrong', (_, event, message) => {
    expect(() => recordsOf(event)).toThrow(message);
    expect(() => recordsOf(event)).toThrow(InvalidEventError);
  });

  it.each([
    ['topic', 7, { topic: 't' }],
    ['partition', '1', { partition: 1 }],
    ['partition', -1, { partition: 1 }],
    ['offset', undefined, { offset: NaN }],
    ['offset', 1.5, { offset: NaN }],
    ['timestamp', 'now', { timestamp: NaN }],
    ['key', 7, { key: null }],
    ['value', { a: 1 }, { value: null }],
    ['headers', {}, { headers: [] }],
    ['headers', [null, { h: 'text' }, { i: [1] }], { headers: [{ name: 'i', value: Buffer.from([1]) }] }],
  ])('when the %s of a record is %p, names it and keeps what can be read', (field, value, kept) => {
    const found = first({ [field]: value });
    expect(found).toMatchObject({ offset: 15, ...kept });
    expect(found?.fault?.message).toMatch(new RegExp(`^records\\["t-1"\\]\\[0\\]\\.${field} must be `));
  });

  it('when a record is not an object, the others are still read', () => {
    const [odd, sound] = recordsOf(eventWith({ 't-1': [null, plain] }));
    expect(odd).toMatchObject({ topic: 't', partition: 1, fault: { code: 'OPENORDER_INVALID_RECORD' } });
    expect(sound?.fault).toBeUndefined();
  });

  it('when it is arbitrary JSON, is either read or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(fc.jsonValue())), (records) => {
        const read = recordsOf(JSON.parse(JSON.stringify({ records })));
        expect(read).toHaveLength(Object.values(records).flat().length);
      }),
    );
  });
});
