import { BlockList, isIP } from 'node:net';
import { EventSourceMappingError } from '../errors.ts';

/** A pattern that AWS answers with "Invalid filter pattern definition". */
export class InvalidPatternError extends EventSourceMappingError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_FILTER_PATTERN', message, options);
    this.name = 'InvalidPatternError';
  }
}

/** Decides on one leaf of the event; `undefined` is an absent field, which only `exists: false` accepts. */
export type Condition = (leaf: unknown) => boolean;

type OperatorParser = (operand: unknown, unproven: Set<string>) => Condition;

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax */
const OPERATORS: Record<string, OperatorParser> = {
  exists: parseExists,
  prefix: (operand, unproven) => parseAffix('prefix', operand, unproven),
  suffix: (operand, unproven) => parseAffix('suffix', operand, unproven),
  'equals-ignore-case': (operand) => parseIgnoreCase(operand),
  'anything-but': parseAnythingBut,
  numeric: parseNumeric,
  wildcard: (operand, unproven) => parseWildcard(operand, unproven),
  cidr: parseCidr,
};

/**
 * Compiles one entry of a leaf's list: a literal or `{operator: operand}`.
 * Numbers are compared as numbers, as https://github.com/aws/event-ruler does.
 */
export function parseCondition(name: string, condition: unknown, unproven: Set<string>): Condition {
  if (condition === null || ['string', 'number', 'boolean'].includes(typeof condition)) {
    return (leaf) => leaf === condition;
  }
  const [operator, operand] = soleEntry(name, condition as object);
  const parse = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!parse) throw new InvalidPatternError(`"${name}": unknown operator "${operator}"`);
  return parse(operand, unproven);
}

function soleEntry(name: string, condition: object): [operator: string, operand: unknown] {
  const [entry, ...others] = Array.isArray(condition) ? [] : Object.entries(condition);
  if (entry && others.length === 0) return entry;
  throw new InvalidPatternError(`"${name}": a condition is a literal or an object with one operator`);
}

function parseExists(operand: unknown): Condition {
  if (typeof operand !== 'boolean') throw new InvalidPatternError('"exists" must be true or false');
  return (leaf) => (leaf !== undefined) === operand;
}

function parseAffix(operator: 'prefix' | 'suffix', operand: unknown, unproven: Set<string>): Condition {
  const matches = (text: string, affix: string) =>
    operator === 'prefix' ? text.startsWith(affix) : text.endsWith(affix);
  if (typeof operand === 'string') return (leaf) => typeof leaf === 'string' && matches(leaf, operand);
  const affix = ignoredCase(operand);
  if (affix === undefined) throw new InvalidPatternError(`"${operator}" must be text`);
  unproven.add(`${operator} with equals-ignore-case`);
  return (leaf) => typeof leaf === 'string' && matches(leaf.toLowerCase(), affix.toLowerCase());
}

function ignoredCase(operand: unknown): string | undefined {
  const text = (operand as Record<string, unknown> | null | undefined)?.['equals-ignore-case'];
  return typeof text === 'string' ? text : undefined;
}

function parseIgnoreCase(operand: unknown): Condition {
  if (typeof operand !== 'string') throw new InvalidPatternError('"equals-ignore-case" must be text');
  return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === operand.toLowerCase();
}

function parseAnythingBut(operand: unknown, unproven: Set<string>): Condition {
  const excluded = parseExcluded(operand, unproven);
  return (leaf) => leaf !== undefined && !excluded.some((matches) => matches(leaf));
}

function parseExcluded(operand: unknown, unproven: Set<string>): Condition[] {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    return parseExcludedOperator(operand, unproven);
  }
  const literals: unknown[] = Array.isArray(operand) ? operand : [operand];
  const types = new Set(literals.map((literal) => typeof literal));
  if (types.size !== 1 || !(types.has('string') || types.has('number'))) {
    throw new InvalidPatternError('"anything-but" must hold only text or only numbers');
  }
  return literals.map((literal) => (leaf) => leaf === literal);
}

function parseExcludedOperator(operand: object, unproven: Set<string>): Condition[] {
  const [operator = '', operands] = Object.entries(operand)[0] ?? [];
  const allowed = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];
  if (Object.keys(operand).length !== 1 || !allowed.includes(operator)) {
    throw new InvalidPatternError(`"anything-but" takes one of ${allowed.join(', ')}`);
  }
  unproven.add(`anything-but with ${operator}`);
  const list: unknown[] = Array.isArray(operands) ? operands : [operands];
  return list.map((entry) => parseCondition('anything-but', { [operator]: entry }, unproven));
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function parseNumeric(operand: unknown): Condition {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  if (parts.length !== 2 && !isRange(parts)) {
    throw new InvalidPatternError('"numeric" must be one comparison, or a lower and then an upper bound');
  }
  const comparisons = [parts.slice(0, 2), parts.slice(2)]
    .filter((part) => part.length > 0)
    .map(parseComparison);
  return (leaf) => typeof leaf === 'number' && comparisons.every((holds) => holds(leaf));
}

function isRange(parts: unknown[]): boolean {
  const [lower, bottom, upper, top] = parts;
  return (
    parts.length === 4 &&
    String(lower).startsWith('>') &&
    String(upper).startsWith('<') &&
    Number(bottom) < Number(top)
  );
}

function parseComparison([symbol, bound]: unknown[]): (value: number) => boolean {
  const compare = typeof symbol === 'string' && Object.hasOwn(COMPARISONS, symbol) && COMPARISONS[symbol];
  if (!compare || typeof bound !== 'number') {
    throw new InvalidPatternError('"numeric" compares with =, <, <=, > or >= and a number');
  }
  return (value) => compare(value, bound);
}

function parseWildcard(operand: unknown, unproven: Set<string>): Condition {
  if (typeof operand !== 'string') throw new InvalidPatternError('"wildcard" must be text');
  if (operand.includes('**')) throw new InvalidPatternError('"wildcard" must not hold two stars in a row');
  unproven.add('wildcard');
  const escaped = operand.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${escaped.join('.*')}$`, 's');
  return (leaf) => typeof leaf === 'string' && expression.test(leaf);
}

function parseCidr(operand: unknown, unproven: Set<string>): Condition {
  const [address = '', length = ''] = String(operand).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(length) || Number(length) > (family === 4 ? 32 : 128)) {
    throw new InvalidPatternError('"cidr" must be an address range such as 10.0.0.0/24');
  }
  unproven.add('cidr');
  const range = new BlockList();
  range.addSubnet(address, Number(length), family === 4 ? 'ipv4' : 'ipv6');
  return (leaf) =>
    typeof leaf === 'string' && isIP(leaf) === family && range.check(leaf, family === 4 ? 'ipv4' : 'ipv6');
}
