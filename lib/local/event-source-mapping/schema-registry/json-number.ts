/** JSON text for a number that JSON.stringify cannot write with all its digits. */
interface RawJson {
  rawJSON(text: string): unknown;
}

/**
 * A value that JSON.stringify writes with all digits; NaN and the infinities, which JSON lacks, become text.
 */
export function numberAsJson(value: number | bigint): unknown {
  if (typeof value === 'bigint') return (JSON as unknown as RawJson).rawJSON(String(value));
  return Number.isFinite(value) ? value : String(value);
}

const floatDigits = [6, 7, 8, 9];

/** The shortest decimal that is the same 32-bit float: 1.1 rather than 1.100000023841858. */
export function shortestFloat(value: number): number {
  const short = floatDigits
    .map((digits) => Number(value.toPrecision(digits)))
    .find((candidate) => Math.fround(candidate) === value);
  return short ?? value;
}
