import { comparableNumber } from './comparable-number.ts';
import { InvalidPatternError } from './invalid-pattern.ts';
import { hexOfAddress, parseAddressRange } from './ip-address.ts';
import type { JsonField, JsonTree } from './json-tree.ts';
import { numberEquals, parseNumeric } from './numeric-condition.ts';
import { ignoringCase, parseWildcards, type TextPattern } from './text-pattern.ts';

/**
 * Tests a scalar in event-ruler's notation: text in quotes, everything else as written in the JSON.
 * Conditions see the quotes, so the prefix `x"` matches the text `x`.
 */
export type Condition = (scalar: string) => boolean;

/** `exists: false`: the only condition on a missing field. */
export const absent = 'absent';

/** State shared by the parsers of one pattern. */
export interface ConditionScope {
  /** Operators that `anything-but` accepts besides plain values. */
  readonly exclusions: Exclusions;
  /** Collects operators that Lambda does not document. */
  readonly unproven: Set<string>;
}

type OperatorParser = (operand: JsonTree, scope: ConditionScope) => Condition | typeof absent;

/**
 * The operators in Lambda's table and the others that event-ruler, the matcher behind it, accepts:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 * https://github.com/aws/event-ruler
 */
const operators = new Map<string, OperatorParser>([
  ['exists', parseExists],
  ['exactly', parseExactly],
  ['prefix', parsePrefix],
  ['suffix', parseSuffix],
  ['equals-ignore-case', parseEqualsIgnoreCase],
  ['anything-but', parseAnythingBut],
  ['numeric', parseNumeric],
  ['wildcard', parseWildcard],
  ['cidr', parseCidr],
]);

/**
 * Compiles one entry of a field's list: a literal or `{operator: operand}`.
 * @throws InvalidPatternError
 */
export function parseCondition(
  name: string,
  condition: JsonTree,
  scope: ConditionScope,
): Condition | typeof absent {
  switch (condition.kind) {
    case 'text':
      return equalsText(condition.text);
    case 'number':
      return equalsNumber(condition.written);
    case 'boolean':
      return equals(String(condition.value));
    case 'null':
      return equals('null');
    case 'object':
      return parseOperator(name, condition.fields, scope);
    case 'list':
      throw new InvalidPatternError(`"${name}": a condition is a literal or an object with one operator`);
  }
}

function parseOperator(name: string, fields: readonly JsonField[], scope: ConditionScope) {
  const { name: operator, value: operand } = soleField(name, fields);
  const parse = operators.get(operator);
  if (!parse) throw new InvalidPatternError(`"${name}": unknown operator "${operator}"`);
  return parse(operand, scope);
}

function soleField(name: string, fields: readonly JsonField[]): JsonField {
  const [field, ...others] = fields;
  if (field && others.length === 0) return field;
  throw new InvalidPatternError(`"${name}" takes exactly one operator`);
}

function equals(expected: string): Condition {
  return (scalar) => scalar === expected;
}

/** A text that is an IP address equals every notation of that address. */
function equalsText(text: string): Condition {
  const address = hexOfAddress(text);
  if (address === undefined) return equals(quoted(text));
  return (scalar) => addressIn(scalar) === address;
}

function equalsNumber(written: string): Condition {
  const number = comparableNumber(written);
  if (number === undefined) return equals(written);
  return (scalar) => comparableNumber(scalar) === number;
}

function quoted(text: string): string {
  return `"${text}"`;
}

function addressIn(scalar: string): string | undefined {
  return scalar.startsWith('"') ? hexOfAddress(scalar.slice(1, -1)) : undefined;
}

function parseExists(operand: JsonTree) {
  if (operand.kind !== 'boolean') throw new InvalidPatternError('"exists" must be true or false');
  return operand.value ? () => true : absent;
}

function parseExactly(operand: JsonTree, scope: ConditionScope): Condition {
  scope.unproven.add('exactly');
  return equals(quoted(textOf('exactly', operand)));
}

function parsePrefix(operand: JsonTree, scope: ConditionScope): Condition {
  if (operand.kind === 'object') {
    const start = `"${ignoredCase('prefix', operand.fields, scope)}`;
    return matching(new RegExp(`^${ignoringCase(start)}`, 'u'));
  }
  return hasPrefix(textOf('prefix', operand));
}

function parseSuffix(operand: JsonTree, scope: ConditionScope): Condition {
  if (operand.kind === 'object') {
    const end = `${ignoredCase('suffix', operand.fields, scope)}"`;
    return matching(new RegExp(`${ignoringCase(end)}$`, 'u'));
  }
  return hasSuffix(textOf('suffix', operand));
}

function hasPrefix(text: string): Condition {
  const start = `"${text}`;
  return (scalar) => scalar.startsWith(start);
}

function hasSuffix(text: string): Condition {
  const end = `${text}"`;
  return (scalar) => scalar.endsWith(end);
}

function ignoredCase(operator: string, fields: readonly JsonField[], scope: ConditionScope): string {
  const { name, value } = soleField(operator, fields);
  if (name !== 'equals-ignore-case') {
    throw new InvalidPatternError(`"${operator}" must be text or "equals-ignore-case"`);
  }
  scope.unproven.add(`${operator} with equals-ignore-case`);
  return textOf(name, value);
}

function parseEqualsIgnoreCase(operand: JsonTree): Condition {
  return equalsIgnoringCase(textOf('equals-ignore-case', operand));
}

function equalsIgnoringCase(text: string): Condition {
  return matching(new RegExp(`^${ignoringCase(`"${text}"`)}$`, 'u'));
}

function matching(expression: RegExp): Condition {
  return (scalar) => expression.test(scalar);
}

function parseWildcard(operand: JsonTree, scope: ConditionScope): Condition {
  scope.unproven.add('wildcard');
  return matchesWildcards(textOf('wildcard', operand));
}

function matchesWildcards(text: string): TextPattern {
  const pattern = parseWildcards(`"${text}"`);
  if (!pattern)
    throw new InvalidPatternError('"wildcard" must not contain "**", nor "\\" except before "*" or "\\"');
  return pattern;
}

function parseAnythingBut(operand: JsonTree, scope: ConditionScope): Condition {
  const excluded = operand.kind === 'object' ? excludedText(operand.fields, scope) : excludedValues(operand);
  return (scalar) => !excluded.some((matches) => matches(scalar));
}

function excludedValues(operand: JsonTree): Condition[] {
  const values = operand.kind === 'list' ? operand.items : [operand];
  const texts = values.flatMap((value) => (value.kind === 'text' ? [value.text] : []));
  const numbers = values.flatMap((value) => (value.kind === 'number' ? [value.written] : []));
  if (values.length === 0 || (texts.length !== values.length && numbers.length !== values.length)) {
    throw new InvalidPatternError('"anything-but" must contain only text or only numbers');
  }
  return [...texts.map((text) => equals(quoted(text))), ...numbers.map((written) => numberEquals(written))];
}

/** Compiles the operand of `{"anything-but": {<name>: <operand>}}`, by name. */
type Exclusions = ReadonlyMap<string, (operand: JsonTree) => Condition[]>;

/** Accepted by event-ruler's current compiler. */
export const exclusions: Exclusions = new Map([
  ['prefix', oneOrMore('prefix', (text) => hasPrefix(nonEmpty(text)))],
  ['suffix', oneOrMore('suffix', (text) => hasSuffix(nonEmpty(text)))],
  ['equals-ignore-case', oneOrMore('equals-ignore-case', equalsIgnoringCase)],
  ['wildcard', oneOrMore('wildcard', matchesWildcards)],
]);

/** Accepted by its first compiler, which had no `$or`. */
export const firstExclusions: Exclusions = new Map([
  ['prefix', (operand) => [hasPrefix(nonEmpty(textOf('prefix', operand)))]],
  ['suffix', (operand) => [hasSuffix(nonEmpty(textOf('suffix', operand)))]],
  ['equals-ignore-case', oneOrMore('equals-ignore-case', equalsIgnoringCase)],
]);

function oneOrMore(name: string, conditionOf: (text: string) => Condition) {
  return (operand: JsonTree): Condition[] => {
    const operands = operand.kind === 'list' ? operand.items : [operand];
    if (operands.length === 0) throw new InvalidPatternError(`"${name}" must not be an empty list`);
    return operands.map((one) => conditionOf(textOf(name, one)));
  };
}

function excludedText(fields: readonly JsonField[], scope: ConditionScope): Condition[] {
  const { name, value } = soleField('anything-but', fields);
  const parse = scope.exclusions.get(name);
  if (!parse) {
    throw new InvalidPatternError(
      `the operator in "anything-but" must be one of ${[...scope.exclusions.keys()].join(', ')}`,
    );
  }
  scope.unproven.add(`anything-but with ${name}`);
  return parse(value);
}

function nonEmpty(text: string): string {
  if (text === '') throw new InvalidPatternError('"anything-but" must not have an empty prefix or suffix');
  return text;
}

function parseCidr(operand: JsonTree, scope: ConditionScope): Condition {
  const contains = parseAddressRange(textOf('cidr', operand));
  if (!contains) throw new InvalidPatternError('"cidr" must be an address range such as 10.0.0.0/24');
  scope.unproven.add('cidr');
  return (scalar) => {
    const address = addressIn(scalar);
    return address !== undefined && contains(address);
  };
}

function textOf(operator: string, operand: JsonTree): string {
  if (operand.kind !== 'text') throw new InvalidPatternError(`"${operator}" must be text`);
  return operand.text;
}
