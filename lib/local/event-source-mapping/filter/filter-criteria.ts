import { InvalidPatternError, parseCondition, type Condition } from './condition.ts';

export { InvalidPatternError } from './condition.ts';

/** Filters of one mapping; a record that no filter matches is dropped and committed. */
export interface FilterCriteria {
  readonly filters: readonly Filter[];
  /** Operators that EventBridge has but Lambda's table does not: they may be refused on AWS. */
  readonly unprovenOperators: readonly string[];
}

/** What a filter asks of a record's value: fields of a JSON value, or conditions on a text. */
type Filter =
  | { readonly format: 'json'; readonly matches: Matcher }
  | { readonly format: 'text'; readonly matches: Matcher };

/** Takes a JSON value, `undefined` where the event has no such field. */
type Matcher = (data: unknown) => boolean;

const MAXIMUM_FILTERS = 10;
const MAXIMUM_PATTERN_LENGTH = 4096;

/**
 * Compiles `FilterCriteria`; for Kafka only the key `value` can be filtered:
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html
 * @throws InvalidPatternError where AWS refuses the mapping
 */
export function parseFilterCriteria(criteria: unknown): FilterCriteria {
  if (criteria === undefined) return { filters: [], unprovenOperators: [] };
  const filters = isObject(criteria) ? criteria.Filters : undefined;
  if (!Array.isArray(filters) || filters.length > MAXIMUM_FILTERS) {
    throw new InvalidPatternError(`"Filters" must be a list of at most ${MAXIMUM_FILTERS} patterns`);
  }
  const unproven = new Set<string>();
  const parsed = filters.flatMap((filter) =>
    parseFilter((filter as { Pattern?: unknown }).Pattern, unproven),
  );
  return { filters: parsed, unprovenOperators: [...unproven] };
}

/** Whether a record with this value goes to the function. */
export function matchesFilterCriteria({ filters }: FilterCriteria, value: Buffer | null): boolean {
  if (filters.length === 0) return true;
  const data = decoded(value);
  // Lambda filters on metadata only where the formats differ, and Kafka has none: such a record is delivered.
  return filters.some(({ format, matches }) => format !== data.format || matches(data.content));
}

type Decoded = { readonly format: 'json' | 'text' | 'binary'; readonly content?: unknown };

function decoded(value: Buffer | null): Decoded {
  if (value === null) return { format: 'binary' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    return { format: 'binary' };
  }
  return { ...(parsedJson(text) ?? { format: 'text', content: text }) };
}

/** Only objects and lists have fields; a lone number or word counts as text. */
function parsedJson(text: string): Decoded | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { format: 'json', content } : undefined;
  } catch {
    return undefined;
  }
}

function parseFilter(source: unknown, unproven: Set<string>): Filter[] {
  if (typeof source !== 'string' || source.length > MAXIMUM_PATTERN_LENGTH) {
    throw new InvalidPatternError(`a pattern must be text of at most ${MAXIMUM_PATTERN_LENGTH} characters`);
  }
  const pattern = parsedPattern(source);
  const alternatives = isAlternatives(pattern.$or) ? pattern.$or : [pattern];
  return alternatives.map((alternative) => parseValuePattern(alternative, unproven));
}

function parseValuePattern(pattern: Record<string, unknown>, unproven: Set<string>): Filter {
  const unknownKey = Object.keys(pattern).find((key) => key !== 'value');
  if (unknownKey !== undefined || !('value' in pattern)) {
    throw new InvalidPatternError(`the only key of a Kafka pattern is "value", found ${shownKeys(pattern)}`);
  }
  return {
    format: Array.isArray(pattern.value) ? 'text' : 'json',
    matches: parseField('value', pattern.value, unproven),
  };
}

function parsedPattern(source: string): Record<string, unknown> {
  let pattern: unknown;
  try {
    pattern = JSON.parse(source);
  } catch (cause) {
    throw new InvalidPatternError(`${source} is not JSON`, { cause });
  }
  if (!isObject(pattern)) throw new InvalidPatternError(`${source} is not an object`);
  return pattern;
}

function parseField(name: string, pattern: unknown, unproven: Set<string>): Matcher {
  if (Array.isArray(pattern)) return parseLeaf(name, pattern, unproven);
  if (isObject(pattern)) return parseObject(name, pattern, unproven);
  throw new InvalidPatternError(`"${name}" must be an object or a list of conditions`);
}

/** All fields must match, within one and the same element where the event holds a list of objects. */
function parseObject(name: string, pattern: Record<string, unknown>, unproven: Set<string>): Matcher {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPatternError(`"${name}" must not be empty`);
  const fields = entries.map(([field, part]): Matcher => {
    if (field === '$or' && isAlternatives(part)) {
      const alternatives = part.map((alternative) => parseObject(name, alternative, unproven));
      return (data) => alternatives.some((matches) => matches(data));
    }
    const matches = parseField(field, part, unproven);
    return (data) => matches(isObject(data) && Object.hasOwn(data, field) ? data[field] : undefined);
  });
  return (data) => elementsOf(data).some((element) => fields.every((matches) => matches(element)));
}

/** One condition must match; of a list in the event, one element. */
function parseLeaf(name: string, conditions: unknown[], unproven: Set<string>): Matcher {
  if (conditions.length === 0) throw new InvalidPatternError(`"${name}" must not be an empty list`);
  const parsed: Condition[] = conditions.map((condition) => parseCondition(name, condition, unproven));
  return (data) =>
    elementsOf(data).some((element) => {
      const leaf = isObject(element) ? undefined : element;
      return parsed.some((matches) => matches(leaf));
    });
}

/** A list stands for its elements, nested lists too; an empty one for an absent field. */
function elementsOf(data: unknown): unknown[] {
  if (!Array.isArray(data)) return [data];
  return data.length === 0 ? [undefined] : data.flatMap(elementsOf);
}

/** `$or` is an operator only as a list of at least two objects; otherwise it is a field of that name. */
function isAlternatives(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length >= 2 && value.every(isObject);
}

function shownKeys(pattern: Record<string, unknown>): string {
  return (
    Object.keys(pattern)
      .map((key) => `"${key}"`)
      .join(', ') || 'none'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
