import * as v from 'valibot';
import { identifierIn, identifierText, text, time } from './edge.ts';

const takes = (schema: v.GenericSchema, value: unknown) => v.is(schema, value);

describe('values from outside', () => {
  it.each(['1', '42', '9007199254740991'])('when an identifier is %s, is accepted', (given) => {
    expect(v.parse(identifierText, given)).toBe(Number(given));
  });

  it.each(['', '0', '-1', '007', '1.0', '1e3', ' 1', '9007199254740992', '99999999999999999999', '１'])(
    'when an identifier is "%s", is refused',
    (given) => {
      expect(takes(identifierText, given)).toBe(false);
    },
  );

  it('when a path holds an identifier, returns it as a number, else undefined', () => {
    expect(identifierIn('42')).toBe(42);
    expect(identifierIn('007')).toBeUndefined();
    expect(identifierIn(undefined)).toBeUndefined();
  });

  it.each(['', 'a\0b', '\ud800', 'x'.repeat(11)])('when text is %j, is refused', (given) => {
    expect(takes(text(10), given)).toBe(false);
  });

  it.each(['2026-11-22', '2026-11-22T10:00Z', '2026-11-22T10:00:00.123456789+09:00'])(
    'when a time is %s, is accepted',
    (given) => {
      expect(takes(time, given)).toBe(true);
    },
  );

  it.each([
    '',
    'now',
    '22.11.2026',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01',
    '2026-13-01',
    '2026-00-01',
    '2026-02-30',
    '2026-04-31T10:00:00Z',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-23:59',
    '2026-11-22T25:00Z',
  ])('when a time is "%s", is refused', (given) => {
    expect(takes(time, given)).toBe(false);
  });
});
