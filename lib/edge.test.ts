import fc from 'fast-check';
import * as v from 'valibot';
import { cursorText, identifierIn, identifierText, text, time, toCursor, toPage } from './edge.ts';

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

  const cursor = cursorText(identifierText);

  it('when a cursor was issued, leads back to its row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
        expect(v.parse(cursor, toCursor(id))).toBe(id);
      }),
    );
  });

  // Empty, a space, -5, 1e30, 007, "7" with padding, "7" in standard base64 with a stray character
  it.each(['', 'IA', 'LTU', 'MWUzMA', 'MDA3', 'Nw==', 'Nw!', 'Infinity', '%00', 'null'])(
    'when a cursor "%s" was never issued, is refused',
    (given) => {
      expect(takes(cursor, given)).toBe(false);
    },
  );

  it('when a cursor is arbitrary text, is refused unless it could have been issued', () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        const parsed = v.safeParse(cursor, given);
        expect(!parsed.success || toCursor(parsed.output) === given).toBe(true);
      }),
    );
  });

  it.each([
    { found: 0, rows: 0, next: {} },
    { found: 2, rows: 2, next: {} },
    { found: 3, rows: 2, next: { nextCursor: 'after 2' } },
  ])('when $found of at most 2 rows are found, the page holds $rows', ({ found, rows, next }) => {
    const ids = Array.from({ length: found }, (_, index) => index + 1);
    expect(toPage(ids, 2, (id) => `after ${id}`)).toEqual({ rows: ids.slice(0, rows), next });
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
