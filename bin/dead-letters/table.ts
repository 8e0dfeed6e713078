/** What a cell shows; nothing for null and undefined. */
export type Cell = string | number | null | undefined;

/** Longest text of a cell; a message may be 2,000 characters long. */
const widest = 60;

/** Rows in aligned columns under their titles; numbers to the right. */
export function table(titles: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [titles, ...rows].map((row) => row.map(shown));
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line, index) => aligned(line, widths, rows[index - 1] ?? rows[0] ?? [])).join('\n');
}

function aligned(line: readonly string[], widths: readonly number[], like: readonly Cell[]): string {
  const cells = line.map((cell, column) => {
    const width = widths[column] ?? 0;
    return typeof like[column] === 'number' ? cell.padStart(width) : cell.padEnd(width);
  });
  return cells.join('  ').trimEnd();
}

/** On one line and without what would steer the terminal: the text comes from records. */
function shown(cell: Cell): string {
  const text = String(cell ?? '').replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}
