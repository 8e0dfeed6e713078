import { matchesFilterCriteria, parseFilterCriteria } from './filter-criteria.ts';
import { InvalidPatternError } from './invalid-pattern.ts';

const criteria = (...patterns: unknown[]) =>
  parseFilterCriteria({ Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) });
const matches = (pattern: unknown, value: unknown) =>
  matchesFilterCriteria(criteria({ value: pattern }), Buffer.from(JSON.stringify(value)));
const matchesText = (pattern: unknown, text: string) =>
  matchesFilterCriteria(criteria({ value: pattern }), Buffer.from(text));

describe('operators of Lambda', () => {
  it.each([
    ['equals text', { a: ['x'] }, { a: 'x' }, { a: 'y' }],
    ['equals one of several', { a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
    ['equals a number', { a: [100] }, { a: 100 }, { a: '100' }],
    ['equals a number in another notation', { a: [300] }, { a: 3.0e2 }, { a: 301 }],
    ['equals a boolean', { a: [true] }, { a: true }, { a: 'true' }],
    ['null', { a: [null] }, { a: null }, {}],
    ['empty', { a: [''] }, { a: '' }, { a: ' ' }],
    ['all fields', { a: ['x'], b: ['y'] }, { a: 'x', b: 'y' }, { a: 'x', b: 'z' }],
    ['$or', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, { a: 'y', b: 'x' }],
    ['$or beside a field', { c: [1], $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'x', c: 1 }, { a: 'x', c: 2 }],
    ['ignore case', { a: [{ 'equals-ignore-case': 'alice' }] }, { a: 'ALICE' }, { a: 'bob' }],
    ['anything-but', { a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, { a: 'x' }],
    ['anything-but of one value', { a: [{ 'anything-but': 'x' }] }, { a: 5 }, { a: 'x' }],
    ['anything-but of an absent field', { a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, {}],
    ['anything-but numbers', { a: [{ 'anything-but': [1, 2] }] }, { a: 3 }, { a: 2 }],
    ['numeric equality', { a: [{ numeric: ['=', 100] }] }, { a: 100 }, { a: '100' }],
    ['a numeric range', { a: [{ numeric: ['>', 10, '<=', 20] }] }, { a: 20 }, { a: 10 }],
    ['exists', { a: [{ exists: true }] }, { a: null }, { b: 1 }],
    ['exists for leaves only', { a: [{ exists: true }] }, { a: 1 }, { a: { b: 1 } }],
    ['exists: false', { a: [{ exists: false }] }, {}, { a: 1 }],
    ['exists: false within an absent object', { a: { b: [{ exists: false }] } }, {}, { a: { b: 1 } }],
    ['prefix', { a: [{ prefix: 'us-' }] }, { a: 'us-east-1' }, { a: 'eu-us-' }],
    ['prefix for text only', { a: [{ prefix: '1' }] }, { a: '12' }, { a: 12 }],
    ['suffix', { a: [{ suffix: '.png' }] }, { a: 'a.png' }, { a: 'a.jpg' }],
    ['nested fields', { a: { b: { c: ['x'] } } }, { a: { b: { c: 'x' } } }, { a: { b: 'x' } }],
    ['one element of a list', { a: ['x'] }, { a: ['y', 'x'] }, { a: ['y'] }],
    ['an empty list as absent', { a: [{ exists: false }] }, { a: [] }, { a: [1] }],
    [
      'all fields within one element',
      { a: { b: [1], c: [2] } },
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      { a: [{ b: 1 }, { c: 2 }] },
    ],
    ['a list as value', { a: [1] }, [{ a: 2 }, { a: 1 }], [{ a: 2 }]],
  ])('when the pattern is %s, it matches one value and drops the other', (_, pattern, taken, dropped) => {
    expect(matches(pattern, taken)).toBe(true);
    expect(matches(pattern, dropped)).toBe(false);
  });
});

describe('operators of EventBridge that Lambda does not document', () => {
  it.each([
    ['wildcard', { a: [{ wildcard: 'a.*.c' }] }, { a: 'a.b.c' }, { a: 'aXbXc' }],
    ['cidr', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.255' }, { a: '10.0.1.1' }],
    ['cidr of IPv6', { a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:db8::1' }, { a: '10.0.0.1' }],
    ['anything-but with prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'y' }, { a: 'xy' }],
    [
      'prefix with ignore case',
      { a: [{ prefix: { 'equals-ignore-case': 'AB' } }] },
      { a: 'abc' },
      { a: 'bc' },
    ],
  ])('when the pattern is %s, it works and is listed as undocumented', (_, pattern, taken, dropped) => {
    expect(matches(pattern, taken)).toBe(true);
    expect(matches(pattern, dropped)).toBe(false);
    expect(criteria({ value: pattern }).unprovenOperators).toHaveLength(1);
  });
});

describe('formats', () => {
  it('when both the value and the pattern are text, they are compared', () => {
    expect(matchesText([{ 'anything-but': ['error'] }], 'fine')).toBe(true);
    expect(matchesText([{ 'anything-but': ['error'] }], 'error')).toBe(false);
    expect(matchesText(['12'], '12')).toBe(true);
  });

  it('when the formats differ, the record is delivered', () => {
    expect(matchesText({ a: ['x'] }, 'plain text')).toBe(true);
    expect(matchesText(['plain'], '{"a":1}')).toBe(true);
    expect(matchesFilterCriteria(criteria({ value: { a: ['x'] } }), Buffer.from([0xff, 0xfe]))).toBe(true);
    expect(matchesFilterCriteria(criteria({ value: { a: ['x'] } }), null)).toBe(true);
  });

  it('when there are several filters, one match is enough; when there is none, everything is delivered', () => {
    const either = criteria({ value: { a: ['x'] } }, { value: { b: ['y'] } });
    expect(matchesFilterCriteria(either, Buffer.from('{"b":"y"}'))).toBe(true);
    expect(matchesFilterCriteria(either, Buffer.from('{"b":"x"}'))).toBe(false);
    expect(matchesFilterCriteria(parseFilterCriteria(undefined), null)).toBe(true);
  });

  it('when no double represents a record’s number exactly, it is compared as written', () => {
    expect(matchesText({ id: [9007199254740992] }, '{"id":9007199254740993}')).toBe(false);
    expect(matchesText({ id: [{ numeric: ['<=', 9007199254740992] }] }, '{"id":9007199254740993}')).toBe(
      false,
    );
  });

  it('when JSON is nested too deeply to be parsed, it counts as text, so a filter on fields delivers it', () => {
    const depth = 200_000;
    expect(matchesText({ a: ['x'] }, '['.repeat(depth) + ']'.repeat(depth))).toBe(true);
  });

  it('when $or is beside value at the top level, both must match', () => {
    const both = criteria({ value: { a: ['x'] }, $or: [{ value: { b: ['y'] } }, { value: { c: ['z'] } }] });
    expect(matchesFilterCriteria(both, Buffer.from('{"a":"x","c":"z"}'))).toBe(true);
    expect(matchesFilterCriteria(both, Buffer.from('{"a":"x"}'))).toBe(false);
  });

  it('when $or is alone at the top level, each alternative is a filter', () => {
    const either = criteria({ $or: [{ value: { a: ['x'] } }, { value: { b: ['y'] } }] });
    expect(matchesFilterCriteria(either, Buffer.from('{"b":"y"}'))).toBe(true);
    expect(matchesFilterCriteria(either, Buffer.from('{"c":"y"}'))).toBe(false);
  });
});

describe('patterns that AWS refuses', () => {
  it.each([
    ['a key other than value', { eventName: ['INSERT'] }],
    ['a key beside value', { value: { a: ['x'] }, key: ['k'] }],
    ['a leaf that is not a list', { value: { a: 'x' } }],
    ['a value that is not a list', { value: 'x' }],
    ['an empty list', { value: { a: [] } }],
    ['an empty object', { value: { a: {} } }],
    ['no pattern', {}],
    ['an unknown operator', { value: { a: [{ like: 'x' }] } }],
    ['two operators in one condition', { value: { a: [{ prefix: 'x', suffix: 'y' }] } }],
    ['a list as condition', { value: { a: [['x']] } }],
    ['exists with text', { value: { a: [{ exists: 'yes' }] } }],
    ['anything-but of mixed types', { value: { a: [{ 'anything-but': ['x', 1] }] } }],
    ['anything-but of nothing', { value: { a: [{ 'anything-but': [] }] } }],
    ['numeric with text', { value: { a: [{ numeric: ['=', '1'] }] } }],
    ['numeric with an unknown comparison', { value: { a: [{ numeric: ['!=', 1] }] } }],
    ['an upside-down range', { value: { a: [{ numeric: ['>', 5, '<', 1] }] } }],
    ['prefix with a number', { value: { a: [{ prefix: 1 }] } }],
    ['$or with one alternative', { value: { $or: [{ a: ['x'] }] } }],
    ['a broken cidr', { value: { a: [{ cidr: '10.0.0.0/99' }] } }],
    ['two asterisks', { value: { a: [{ wildcard: 'a**b' }] } }],
  ])('when a pattern has %s, it is refused', (_, pattern) => {
    expect(() => criteria(pattern)).toThrow(InvalidPatternError);
  });

  it('when a pattern is not JSON or too long, or there are too many, they are refused', () => {
    expect(() => parseFilterCriteria({ Filters: [{ Pattern: '{' }] })).toThrow(/is not JSON/);
    expect(() => parseFilterCriteria({ Filters: [{ Pattern: '[]' }] })).toThrow(/is not an object/);
    expect(() => criteria({ value: { a: ['x'.repeat(4096)] } })).toThrow(/at most 4096/);
    expect(() => criteria(...Array<object>(11).fill({ value: { a: ['x'] } }))).toThrow(/at most 10/);
    expect(() => parseFilterCriteria({})).toThrow(InvalidPatternError);
  });
});
