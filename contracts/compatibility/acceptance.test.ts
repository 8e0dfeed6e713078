import { unacceptable } from './acceptance.ts';

const id = { type: 'integer', minimum: 1 };
const order = { type: 'object', properties: { orderId: id }, required: ['orderId'] };
const withNote = (note: object, required: readonly string[]) => ({
  ...order,
  properties: { orderId: id, note },
  required: ['orderId', ...required],
});
const text = { type: 'string', maxLength: 10 };

describe('a writer and a reader', () => {
  it.each([
    ['have the same schema', order, order],
    ['the writer has a field that the reader does not know', withNote(text, ['note']), order],
    ['the reader has an optional field that the writer does not know', order, withNote(text, [])],
    [
      'the writer always writes what the reader has as optional',
      withNote(text, ['note']),
      withNote(text, []),
    ],
    ['the writer writes integers and the reader takes numbers', { type: 'integer' }, { type: 'number' }],
    ['the writer writes fewer values than the reader takes', { enum: ['a'] }, { enum: ['a', 'b'] }],
    ['the writer writes listed values of the type the reader takes', { enum: ['a'] }, { type: 'string' }],
    ['the reader takes one of the alternatives', text, { anyOf: [{ type: 'null' }, text] }],
    ['the writer is limited more narrowly', { type: 'string', maxLength: 5 }, text],
  ])('when %s, everything is accepted', (_, writer, reader) => {
    expect(unacceptable(writer, reader)).toEqual([]);
  });

  it.each([
    ['a required field is new', order, withNote(text, ['note']), '/note is missing'],
    ['a field became optional', withNote(text, []), withNote(text, ['note']), '/note may be missing'],
    ['a field was removed', {}, order, 'the value may be of any type'],
    [
      'a type was widened',
      { type: ['integer', 'string'] },
      { type: 'integer' },
      'the value may be of type string',
    ],
    ['a limit was raised', { ...text, maxLength: 20 }, text, 'the value may pass the maxLength of 10'],
    ['a limit was dropped', { type: 'string' }, text, 'the value may pass the maxLength of 10'],
    ['a value was added', { enum: ['a', 'b'] }, { enum: ['a'] }, 'the value may be "b"'],
    [
      'a list of values was dropped',
      { type: 'string' },
      { enum: ['a'] },
      'the value may be a value that is not listed',
    ],
    [
      'a pattern changed',
      { type: 'string', pattern: 'a' },
      { type: 'string', pattern: 'b' },
      'the value may not have the pattern "b"',
    ],
    [
      'an element changed',
      { type: 'array', items: withNote(text, []) },
      { type: 'array', items: withNote(id, []) },
      '/*/note may be of type string',
    ],
    ['an alternative is new', { anyOf: [{ type: 'null' }, text] }, text, 'the value may be of type null'],
  ])('when %s, it is named', (_, writer, reader, reason) => {
    expect(unacceptable(writer, reader)).toEqual([reason]);
  });
});
