import { comparableNumber } from './comparable-number.ts';
import { InvalidPatternError } from './invalid-pattern.ts';
import type { JsonTree } from './json-tree.ts';

const comparisons = new Map<string, (value: number, bound: number) => boolean>([
  ['=', (value, bound) => value === bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
]);

interface Comparison {
  readonly symbol: string;
  readonly bound: number;
  readonly holds: (value: number) => boolean;
}

/**
 * Compiles the operand of `numeric`: one comparison, or a lower and an upper bound.
 * @throws InvalidPatternError
 */
export function parseNumeric(operand: JsonTree): (scalar: string) => boolean {
  const parts = operand.kind === 'list' ? operand.items : [];
  const [first, second] = [parts.slice(0, 2), parts.slice(2)].map(parseComparison);
  if (!first || (second && !isRange(first, second))) {
    throw new InvalidPatternError('"numeric" must be one comparison, or a lower and then an upper bound');
  }
  return (scalar) => {
    const value = comparableNumber(scalar);
    return value !== undefined && first.holds(value) && (!second || second.holds(value));
  };
}

function isRange(lower: Comparison, upper: Comparison): boolean {
  return lower.symbol.startsWith('>') && upper.symbol.startsWith('<') && lower.bound < upper.bound;
}

function parseComparison(parts: readonly JsonTree[]): Comparison | undefined {
  const [symbol, number, ...others] = parts;
  if (symbol === undefined) return undefined;
  const compare = symbol.kind === 'text' ? comparisons.get(symbol.text) : undefined;
  if (symbol.kind !== 'text' || !compare || number?.kind !== 'number' || others.length > 0) {
    throw new InvalidPatternError('"numeric" compares with =, <, <=, > or >= and a number');
  }
  const bound = exactNumber(number.written);
  return { symbol: symbol.text, bound, holds: (value) => compare(value, bound) };
}

/** Matches scalars equal to this number, in any notation. @throws InvalidPatternError */
export function numberEquals(written: string): (scalar: string) => boolean {
  const number = exactNumber(written);
  return (scalar) => comparableNumber(scalar) === number;
}

function exactNumber(written: string): number {
  const number = comparableNumber(written);
  if (number === undefined) throw new InvalidPatternError(`${written} cannot be compared exactly`);
  return number;
}
