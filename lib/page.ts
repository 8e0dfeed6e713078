import * as v from 'valibot';

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
