/** From this many on, the count is typed. */
const many = 100;

/** A stage that customers depend on: `prod`, `production`, and names that hold one of them as a word. */
const production = /(^|[-_.])prod(uction)?($|[-_.])/i;

/** How hard a change of this many dead letters is made: by one click, by a dialog, or by typing the count. */
export function frictionOf(count: number, stage: string): 'click' | 'dialog' | 'type' {
  if (count <= 1) return 'click';
  return count >= many || production.test(stage) ? 'type' : 'dialog';
}

/** Whether what was typed is the count, with or without separators of thousands. */
export function isTyped(text: string, count: number): boolean {
  return text.replaceAll(/[\s.,]/g, '') === String(count);
}
