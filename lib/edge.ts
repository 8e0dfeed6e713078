import * as v from 'valibot';

/**
 * What values may be when they come from outside, by HTTP or from an operator: what this service issues and
 * its tables can hold, and no more. A wider type would fail in PostgreSQL, as our error instead of the
 * caller's.
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
