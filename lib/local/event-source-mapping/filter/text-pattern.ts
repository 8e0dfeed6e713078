/** Tests the text of a value. */
export type TextPattern = (text: string) => boolean;

/**
 * A regular expression that matches text in upper or lower case. Like event-ruler it works on UTF-16 units,
 * so a letter outside the basic plane matches two question marks.
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/input/EqualsIgnoreCaseParser.java
 */
export function ignoringCase(text: string): string {
  return text.split('').map(eitherCase).join('');
}

function eitherCase(unit: string): string {
  if (/\p{Surrogate}/u.test(unit)) return '\\?';
  const forms = new Set([unit.toLowerCase(), unit.toUpperCase()]);
  return `(?:${[...forms].map(escaped).join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * Compiles a pattern in which `*` matches any text, `\*` an asterisk and `\\` a backslash; undefined when it
 * has two adjacent asterisks or any other use of the backslash.
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/input/WildcardParser.java
 */
export function parseWildcards(pattern: string): TextPattern | undefined {
  if (!/^(?:[^\\*]|\\[\\*]|\*(?!\*))*$/s.test(pattern)) return undefined;
  const parts = pattern.match(/\*|(?:[^\\*]|\\[\\*])+/gs) ?? [];
  const fixed = ['', ...parts].reduce<string[]>(
    (found, part) =>
      part === '*' ? [...found, ''] : [...found.slice(0, -1), (found.at(-1) ?? '') + unescaped(part)],
    [],
  );
  return (text) => holdsInOrder(text, fixed);
}

function unescaped(part: string): string {
  return part.replaceAll(/\\([\\*])/g, '$1');
}

/**
 * Whether a text starts with the first part, ends with the last, and contains those between in order; takes
 * linear time.
 */
function holdsInOrder(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  const isLongEnough = text.length >= first.length + last.length;
  if (!isLongEnough || !text.startsWith(first) || !text.endsWith(last)) return false;
  return containsInOrder(text.slice(first.length, text.length - last.length), others);
}

function containsInOrder(text: string, parts: readonly string[]): boolean {
  let position = 0;
  for (const part of parts) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return true;
}
