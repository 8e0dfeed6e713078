/** A count with the word for it, as English needs: `1 record`, `2 records`. */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
