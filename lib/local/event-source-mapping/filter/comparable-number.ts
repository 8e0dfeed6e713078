/**
 * The double to compare a number by; undefined when the text is not a number, or when a double cannot
 * represent it exactly (9007199254740993, 1e400).
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/ComparableNumber.java
 * @param written the number as written in JSON
 */
export function comparableNumber(written: string): number | undefined {
  const exact = decimalOf(written);
  if (exact === undefined) return undefined;
  const double = Number(written);
  return decimalOf(String(double)) === exact ? double : undefined;
}

const jsonNumber = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** Canonical form of a number: sign, digits without leading or trailing zeros, and a power of ten. */
function decimalOf(written: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = jsonNumber.exec(written) ?? [];
  if (whole === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
