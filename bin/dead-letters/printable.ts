/** Text of strangers without what would steer the terminal; lines stay lines. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, '\uFFFD');
}

/**
 * JSON that says the same to a program and cannot steer a terminal: `JSON.stringify` escapes no control
 * characters from U+007F on.
 */
export function printableJson(value: unknown): string {
  const escape = (character: string) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  return JSON.stringify(value, null, 2).replaceAll(/[\u007f-\u009f]|\p{Cf}/gu, escape);
}
