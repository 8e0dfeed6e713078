/** Random numbers that a seed determines. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True once in `times`, on average. */
  oneIn(times: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** mulberry32: 32 bits of state are enough to vary a test. https://github.com/cprosche/mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    oneIn: (times) => between(1, times) === 1,
    pick: ([first, ...others]) => others[between(0, others.length) - 1] ?? first,
  };
}
