import * as v from 'valibot';

/**
 * What values may be when they come from outside, by HTTP or from an operator: what this service issues and
 * its tables can hold, and no more. A wider type would fail in PostgreSQL, as our error instead of the
 * caller's. Cursors are created here, too, since they come back in.
 */

const identifierForm = /^[1-9]\d{0,15}$/;

/** An identifier as text, such as in a path or a query: no sign, no leading zero, at most 2^53 - 1. */
export const identifierText = v.pipe(
  v.string(),
  v.regex(identifierForm, 'must be a whole number from 1'),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(Number.MAX_SAFE_INTEGER, `must be at most ${Number.MAX_SAFE_INTEGER}`),
);

/** The identifier in a path; undefined when the text is not one. */
export function identifierIn(text: string | undefined): number | undefined {
  const parsed = v.safeParse(identifierText, text);
  return parsed.success ? parsed.output : undefined;
}

/**
 * A page's cursor: the key of the last row seen. Only what `toCursor` writes is accepted; anything else would
 * silently skip rows.
 */
export function cursorText<Key>(key: v.GenericSchema<string, Key>) {
  const keyIn = (cursor: string) => Buffer.from(cursor, 'base64url').toString('utf8');
  const isGiven = (cursor: string) => v.is(key, keyIn(cursor)) && toCursor(keyIn(cursor)) === cursor;
  return v.pipe(v.string(), v.check(isGiven, 'must be a cursor from this API'), v.transform(keyIn), key);
}

/** The cursor of the page after the row with this key. */
export function toCursor(key: number | string): string {
  return Buffer.from(String(key)).toString('base64url');
}

/** Rows of a list, and the cursor of the next page if there is one. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: { readonly nextCursor?: string };
}

/**
 * Cuts a page from what was found. A caller that queries one row more than fits learns whether there is a
 * next page.
 * @param found up to `limit + 1` rows
 * @param cursorOf returns the cursor of the page after a row
 */
export function toPage<Row>(
  found: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => string,
): Page<Row> {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, next: last === undefined ? {} : { nextCursor: cursorOf(last) } };
}

/** Text that PostgreSQL can hold: without NUL, https://www.postgresql.org/docs/18/datatype-character.html */
export function text(longest: number) {
  return v.pipe(
    v.string('must be text'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(longest, `must have at most ${longest} characters`),
    v.check(
      (given) => !given.includes('\0') && given.isWellFormed(),
      'must be text without NUL or unpaired surrogates',
    ),
  );
}

const timeForm = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const timeMessage = 'Expected a time such as 2026-11-22T10:00:00Z';

/**
 * A date, or a time as in https://www.rfc-editor.org/rfc/rfc3339; without a zone, in that of the machine.
 */
export const time = v.pipe(
  v.string(timeMessage),
  v.check(isTime, timeMessage),
  v.transform((given) => new Date(given)),
);

/** JavaScript reads 30 February as 2 March, and a zone may move a time out of the four-digit years. */
function isTime(given: string): boolean {
  const [, year, month, day] = timeForm.exec(given) ?? [];
  const isDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return isDay && isWrittenTime(new Date(given));
}

function isWrittenTime(moment: Date): boolean {
  return !Number.isNaN(moment.getTime()) && timeForm.test(moment.toISOString());
}
