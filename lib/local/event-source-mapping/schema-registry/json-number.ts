/** JSON text in place of a number that JSON.stringify cannot write with all its digits. */
interface RawJson {
  rawJSON(text: string): unknown;
}

/** What JSON.stringify writes in full: NaN and the infinities, which JSON lacks, as text. */
export function numberAsJson(value: number | bigint): unknown {
  if (typeof value === 'bigint') return (JSON as unknown as RawJson).rawJSON(String(value));
  return Number.isFinite(value) ? value : String(value);
}

const floatDigits = [6, 7, 8, 9];

/** The shortest decimal that is the same number in 32 bits: 1.1 rather than 1.100000023841858. */
export function shortestFloat(value: number): number {
  const short = floatDigits
    .map((digits) => Number(value.toPrecision(digits)))
    .find((candidate) => Math.fround(candidate) === value);
  return short ?? value;
}
