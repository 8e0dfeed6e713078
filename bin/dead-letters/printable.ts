/** Text of strangers without what would steer the terminal; lines stay lines. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]/gu, '\uFFFD');
}
