/** A count with its word, as English requires: `1 record`, `2 records`. */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
