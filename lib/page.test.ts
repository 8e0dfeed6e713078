import fc from 'fast-check';
import * as v from 'valibot';
import { identifierText } from './edge.ts';
import { cursorText, toCursor, toPage } from './page.ts';

describe('pages of a list', () => {
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
      expect(v.is(cursor, given)).toBe(false);
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
});
