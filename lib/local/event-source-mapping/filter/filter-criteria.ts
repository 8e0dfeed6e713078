import { InvalidPatternError } from './invalid-pattern.ts';
import { type JsonField, type JsonTree, readJsonTree } from './json-tree.ts';
import { type EventMatcher, matcherOf } from './matches.ts';
import { type Alternative, compilePattern } from './pattern.ts';

/** Filters of one mapping; a record that no filter matches is dropped and committed. */
export interface FilterCriteria {
  readonly filters: readonly Filter[];
  /** Operators that event-ruler supports but Lambda does not document: AWS may refuse them. */
  readonly unprovenOperators: readonly string[];
}

/** One filter on a record's value: fields of a JSON value, or conditions on a text. */
interface Filter {
  readonly format: 'json' | 'text';
  readonly matches: EventMatcher;
}

const maximumFilters = 10;
const maximumPatternLength = 4096;

/**
 * The only field of a Kafka record that Lambda filters by:
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html
 */
const filterableField = 'value';

/**
 * Compiles `FilterCriteria`.
 * @throws InvalidPatternError when AWS would refuse the mapping
 */
export function parseFilterCriteria(criteria: unknown): FilterCriteria {
  if (criteria === undefined) return { filters: [], unprovenOperators: [] };
  const { Filters: filters } = (criteria ?? {}) as { readonly Filters?: unknown };
  if (!Array.isArray(filters) || filters.length > maximumFilters) {
    throw new InvalidPatternError(`"Filters" must be a list of at most ${maximumFilters} patterns`);
  }
  const parsed = filters.map((filter) => parseFilter((filter as { Pattern?: unknown }).Pattern));
  const unproven = new Set(parsed.flatMap(({ unprovenOperators }) => [...unprovenOperators]));
  return { filters: parsed.flatMap((filter) => filter.filters), unprovenOperators: [...unproven] };
}

/** Whether a record with this value goes to the function. */
export function matchesFilterCriteria({ filters }: FilterCriteria, value: Buffer | null): boolean {
  if (filters.length === 0) return true;
  const data = decoded(value);
  // When the formats differ, Lambda filters by metadata only, and Kafka has none: such a record is delivered.
  return filters.some(({ format, matches }) => format !== data.format || matches(data.event));
}

type Decoded =
  { readonly format: 'json' | 'text'; readonly event: JsonField } | { readonly format: 'binary' };

function decoded(value: Buffer | null): Decoded {
  if (value === null) return { format: 'binary' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    return { format: 'binary' };
  }
  const json = jsonIn(text);
  if (json) return { format: 'json', event: { name: filterableField, value: json } };
  return { format: 'text', event: { name: filterableField, value: { kind: 'text', text } } };
}

/** Only objects and lists have fields; a bare number or word counts as text. */
function jsonIn(text: string): JsonTree | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return readJsonTree(text);
  } catch {
    return undefined;
  }
}

function parseFilter(source: unknown) {
  if (typeof source !== 'string' || source.length > maximumPatternLength) {
    throw new InvalidPatternError(`a pattern must be text of at most ${maximumPatternLength} characters`);
  }
  const root = patternIn(source);
  if (root.kind !== 'object') throw new InvalidPatternError(`${source} is not an object`);
  requireFilterable(root);
  const { alternatives, unprovenOperators } = compilePattern(root);
  return { filters: filtersOf(alternatives), unprovenOperators };
}

function patternIn(source: string): JsonTree {
  try {
    return readJsonTree(source);
  } catch (cause) {
    throw new InvalidPatternError(`${source} is not JSON`, { cause });
  }
}

function requireFilterable(root: JsonTree): void {
  const names = topLevelNames(root);
  const unknown = names.find((name) => name !== filterableField);
  if (unknown === undefined && names.length > 0) return;
  const found = names.map((name) => `"${name}"`).join(', ') || 'none';
  throw new InvalidPatternError(`the only key of a Kafka pattern is "${filterableField}", found ${found}`);
}

/** Top-level names of a pattern, including those inside `$or`. */
function topLevelNames(root: JsonTree): string[] {
  if (root.kind !== 'object') return [];
  return root.fields.flatMap(({ name, value }) =>
    name === '$or' && value.kind === 'list' ? value.items.flatMap(topLevelNames) : [name],
  );
}

/** Groups alternatives by format: a list under `value` is a condition on the whole text. */
function filtersOf(alternatives: readonly Alternative[]): Filter[] {
  const isText = (alternative: Alternative) => alternative.has(filterableField);
  const text = alternatives.filter(isText);
  const json = alternatives.filter((alternative) => !isText(alternative));
  return [
    ...(text.length > 0 ? [{ format: 'text' as const, matches: matcherOf(text) }] : []),
    ...(json.length > 0 ? [{ format: 'json' as const, matches: matcherOf(json) }] : []),
  ];
}
