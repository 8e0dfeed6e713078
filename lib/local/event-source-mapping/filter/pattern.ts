import {
  absent,
  type Condition,
  type ConditionScope,
  exclusions,
  firstExclusions,
  parseCondition,
} from './condition.ts';
import { InvalidPatternError } from './invalid-pattern.ts';
import type { JsonField, JsonTree } from './json-tree.ts';

/**
 * The pattern of one field: any of the conditions must match, or, with `mayBeAbsent`, the field may be
 * missing.
 */
export interface FieldPattern {
  readonly conditions: readonly Condition[];
  readonly mayBeAbsent: boolean;
}

/** Fields that must all match, by path: the names from the root, joined by dots. */
export type Alternative = ReadonlyMap<string, FieldPattern>;

/**
 * A compiled pattern: alternatives, one of which must match, and the operators that Lambda does not document.
 */
export interface Pattern {
  readonly alternatives: readonly Alternative[];
  readonly unprovenOperators: ReadonlySet<string>;
}

/**
 * Compiles a pattern as event-ruler does: `$or` multiplies the alternatives found so far, and of two fields
 * with the same path the later replaces the earlier. A `$or` that is not a valid operator is a field name.
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/JsonRuleCompiler.java
 * @throws InvalidPatternError
 */
export function compilePattern(root: JsonTree): Pattern {
  try {
    return compile(root, { $or: compileAlternatives, exclusions });
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    return compileWithoutOr(root, error);
  }
}

function compileWithoutOr(root: JsonTree, reason: InvalidPatternError): Pattern {
  try {
    return compile(root, { exclusions: firstExclusions });
  } catch (error) {
    throw error instanceof InvalidPatternError ? reason : error;
  }
}

/** What a pattern may contain. */
interface Dialect {
  /** Compiles `$or` as an operator; without it, `$or` is a name like any other. */
  readonly $or?: Compiler;
  readonly exclusions: ConditionScope['exclusions'];
}

type Compiler = (value: JsonTree, found: readonly Alternative[], scope: Scope) => readonly Alternative[];

/** The compiler's current position. */
interface Scope extends Dialect, ConditionScope {
  readonly path: readonly string[];
  /** Names that no field may have here. */
  readonly reserved: ReadonlySet<string>;
}

function compile(root: JsonTree, dialect: Dialect): Pattern {
  if (root.kind !== 'object') throw new InvalidPatternError('a pattern must be an object');
  const unproven = new Set<string>();
  const scope = { ...dialect, path: [], reserved: new Set<string>(), unproven };
  return { alternatives: compileObject(root.fields, [], scope), unprovenOperators: unproven };
}

function compileObject(
  fields: readonly JsonField[],
  found: readonly Alternative[],
  scope: Scope,
): readonly Alternative[] {
  if (fields.length === 0) throw new InvalidPatternError(`"${scope.path.join('.')}" must not be empty`);
  return fields.reduce((alternatives, field) => compileField(field, alternatives, scope), found);
}

function compileField({ name, value }: JsonField, found: readonly Alternative[], scope: Scope) {
  if (name === '$or' && scope.$or) return scope.$or(value, found, scope);
  if (scope.reserved.has(name)) throw new InvalidPatternError(`"${name}" cannot be a field inside "$or"`);
  const path = [...scope.path, name];
  if (value.kind === 'object') return compileObject(value.fields, found, { ...scope, path });
  if (value.kind === 'list') return withField(found, path.join('.'), compileList(name, value.items, scope));
  throw new InvalidPatternError(`"${name}" must be an object or a list of conditions`);
}

function withField(
  found: readonly Alternative[],
  path: string,
  pattern: FieldPattern,
): readonly Alternative[] {
  const alternatives = found.length === 0 ? [new Map<string, FieldPattern>()] : found;
  return alternatives.map((alternative) => new Map([...alternative, [path, pattern]]));
}

function compileList(name: string, items: readonly JsonTree[], scope: Scope): FieldPattern {
  if (items.length === 0) throw new InvalidPatternError(`"${name}" must not be an empty list`);
  const parsed = items.map((item) => parseCondition(name, item, scope));
  return {
    conditions: parsed.filter((condition) => condition !== absent),
    mayBeAbsent: parsed.includes(absent),
  };
}

/** https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/Constants.java */
const reservedInsideOr = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric'],
  ...['cidr', '=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

function compileAlternatives(value: JsonTree, found: readonly Alternative[], scope: Scope) {
  const branches = value.kind === 'list' ? value.items : [];
  if (branches.length < 2) throw new InvalidPatternError('"$or" must be a list of at least two objects');
  return branches.flatMap((branch) => {
    if (branch.kind !== 'object') throw new InvalidPatternError('"$or" must contain only objects');
    return compileObject(branch.fields, found, { ...scope, reserved: reservedInsideOr });
  });
}
