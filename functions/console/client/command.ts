/** The conditions on dead letters, named as in the page's address and the API. */
export type Conditions = Readonly<Record<string, unknown>>;

/** The command line's options by the API's names. */
const options: Readonly<Record<string, string | undefined>> = {
  consumerGroup: 'group',
  ratePerSecond: 'rate',
  total: 'limit',
};

/**
 * The line for a POSIX shell that does the same as the page.
 * @param origin where the command line reaches the API; undefined if it finds the stack on its own
 */
export function commandOf(verb: string, { ids, ...conditions }: Conditions, origin?: string): string {
  const named = Object.entries(conditions).filter(([, value]) => value !== undefined && value !== '');
  const words = [
    ...(Array.isArray(ids) ? (ids as unknown[]) : []),
    ...named.flatMap(([name, value]) => [`--${options[name] ?? name}`, value]),
    ...(origin === undefined ? [] : ['--url', origin]),
  ];
  return ['npm run dead-letters --', verb, ...words.map((word) => quoted(String(word)))].join(' ');
}

function quoted(word: string): string {
  return /^[\w.:/@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
