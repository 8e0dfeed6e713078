import fc from 'fast-check';
import { type JsonField, type JsonTree, readJsonTree } from '../../filter/json-tree.ts';

/** A pattern and an event, both as JSON text. */
export interface Sample {
  readonly pattern: string;
  readonly event: string;
}

type Text = fc.Arbitrary<string>;

/** Usually the first, sometimes the second. */
const mostly = (usual: Text, unusual: Text) =>
  fc.oneof({ weight: 120, arbitrary: usual }, { weight: 1, arbitrary: unusual });

const list = (item: Text, limits: fc.ArrayConstraints) =>
  fc.array(item, limits).map((items) => `[${items.join()}]`);
const field = (name: Text, value: Text) =>
  fc.tuple(name, value).map(([key, held]) => `${JSON.stringify(key)}:${held}`);
const object = (member: Text, limits: fc.ArrayConstraints) =>
  fc.array(member, limits).map((members) => `{${members.join()}}`);

const texts = fc
  .constantFrom(
    ...[
      '',
      'x',
      'xy',
      'xyz',
      'X',
      'XY',
      'y',
      '1',
      '"',
      'x"',
      '"x',
      '*',
      'x*',
      '\\',
      'x\\y',
      'a*c',
      'abc',
      'aXc',
    ],
    ...['ß', 'SS', 'ss', 'é', 'É', '대', 'ⱥ', 'Ⱥ', 'ǅ', 'Σ', 'ς', 'İ', 'ı', '😀', '??', '?', 'N', '.'],
    ...[
      '10.0.0.1',
      '10.0.0.255',
      '10.0.1.1',
      '010.0.0.1',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:a00:1',
      'a:b',
      '::',
    ],
  )
  .map((text) => JSON.stringify(text));
const numbers = fc.constantFrom(
  ...[
    '0',
    '-0',
    '0.0',
    '1',
    '1.0',
    '1e0',
    '10',
    '1E1',
    '100',
    '-5',
    '-5.0',
    '0.1',
    '0.10',
    '1e-1',
    '5',
    '7.5',
  ],
  ...['9007199254740992', '9007199254740994', '1e21', '1000000000000000000000', '0.5', '0.50', '1e300'],
);
const inexactNumbers = fc.constantFrom(
  ...['9007199254740993', '-9007199254740993', '1e400', '1e-400', '0.1000000000000000055511151231257827'],
);
const literals = fc.oneof(texts, numbers, inexactNumbers, fc.constantFrom('true', 'false', 'null'));

const names = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a.b', 'b.c', 'a.', '.b', '.', '', '1', '0', 'é', '__proto__', 'prefix'),
  },
);

const eventValues = fc.letrec<{ value: string; object: string }>((tie) => ({
  object: object(field(names, tie('value')), { maxLength: 4 }),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    literals,
    tie('object'),
    list(tie('value'), { maxLength: 3 }),
    list(tie('object'), { minLength: 1, maxLength: 3 }),
  ),
}));

const operator = (name: string, operand: Text) => operand.map((text) => `{${JSON.stringify(name)}:${text}}`);
const someText = mostly(texts, literals);
// No empty lists: inside anything-but event-ruler accepts them or throws a NullPointerException, depending on
// their position.
const oneOrMore = (item: Text) => fc.oneof(item, list(item, { minLength: 1, maxLength: 3 }));
const ignoringCase = mostly(operator('equals-ignore-case', someText), operator('like', texts));
const wildcards = fc
  .array(fc.constantFrom('x', 'y', 'a', 'c', '*', '\\*', '\\\\', '대'), { maxLength: 5 })
  .map((parts) => JSON.stringify(parts.join('').replaceAll('**', '*')));
const symbol = fc.constantFrom('"<"', '"<="', '">"', '">="', '"="');
const exactNumber = mostly(numbers, inexactNumbers);
const bounds = fc
  .tuple(exactNumber, exactNumber)
  .map((pair) => pair.toSorted((a, b) => Number(a) - Number(b)))
  .filter(([low, high]) => Number(low) < Number(high));
const numeric = fc.oneof(
  fc.tuple(symbol, exactNumber),
  fc
    .tuple(fc.constantFrom('">"', '">="'), fc.constantFrom('"<"', '"<="'), bounds)
    .map(([above, below, [low, high]]) => [above, low, below, high]),
);
// No range wider than 8 bits: event-ruler treats some numbers as addresses in it.
const ranges = mostly(
  fc.constantFrom(
    ...['10.0.0.1/24', '10.0.0.0/8', '10.0.0.0/31', '10.0.0.9/+24', '10.0.0.0/24/', '010.0.0.0/024', '::/64'],
    ...['::ffff:a00:0/24', '::1/127', '2001:db8::/32'],
  ),
  fc.constantFrom('10.0.0.0/32', '::1/128', '10.0.0.1', '10.0.0.0/x', '10.0.0.0/-1', 'a:b/24', '/24', 'x'),
);

const operators = fc.oneof(
  { weight: 3, arbitrary: operator('exists', mostly(fc.constantFrom('true', 'false', 'false'), texts)) },
  operator('exactly', someText),
  operator('prefix', fc.oneof(someText, ignoringCase)),
  operator('suffix', fc.oneof(someText, ignoringCase)),
  ignoringCase,
  operator('wildcard', mostly(wildcards, fc.constantFrom('"a**c"', '"x\\\\"', '"\\\\x"', '1'))),
  operator('anything-but', mostly(fc.oneof(oneOrMore(texts), oneOrMore(numbers)), oneOrMore(literals))),
  operator(
    'anything-but',
    fc.oneof(
      ...['prefix', 'suffix', 'equals-ignore-case'].map((name) => operator(name, oneOrMore(someText))),
      operator('wildcard', oneOrMore(wildcards)),
    ),
  ),
  operator(
    'numeric',
    mostly(
      numeric.map((parts) => `[${parts.join()}]`),
      list(fc.oneof(symbol, literals), { maxLength: 5 }),
    ),
  ),
  operator(
    'cidr',
    ranges.map((range) => JSON.stringify(range)),
  ),
);
const malformed = fc.constantFrom(
  ...[
    '{}',
    '["x"]',
    '{"like":"x"}',
    '{"prefix":"x","suffix":"y"}',
    '{"anything-but":{"cidr":"10.0.0.0/24"}}',
  ],
  '{"prefix":{"equals-ignore-case":"x","test":"y"}}',
);
const conditions = list(mostly(fc.oneof(literals, operators), malformed), { minLength: 1, maxLength: 3 });

const { object: patterns } = fc.letrec<{ object: string; value: string; member: string; or: string }>(
  (tie) => ({
    or: list(tie('object'), { minLength: 2, maxLength: 3 }).map((alternatives) => `"$or":${alternatives}`),
    member: fc.oneof(
      { weight: 6, arbitrary: field(names, tie('value')) },
      {
        weight: 2,
        arbitrary: mostly(tie('or'), field(fc.constant('$or'), fc.oneof(conditions, tie('value')))),
      },
    ),
    object: mostly(object(tie('member'), { minLength: 1, maxLength: 3 }), fc.constant('{}')),
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 5, arbitrary: mostly(conditions, fc.constantFrom('"x"', '1', '[]')) },
      { weight: 3, arbitrary: tie('object') },
    ),
  }),
);

/** An event that resembles a pattern, so that it often matches. */
function eventFor(pattern: JsonTree): Text {
  switch (pattern.kind) {
    case 'object': {
      const members = fieldsOf(pattern.fields).map(({ name, value }) =>
        field(fc.constant(name), eventFor(value)),
      );
      const one = fc
        .shuffledSubarray(members)
        .chain((some) => fc.tuple(...some))
        .map((some) => `{${some.join()}}`);
      return fc.oneof(
        { weight: 3, arbitrary: one },
        { weight: 2, arbitrary: list(one, { minLength: 1, maxLength: 3 }) },
      );
    }
    case 'list':
      return fc.oneof(
        ...pattern.items.map(eventFor),
        literals,
        list(literals, { maxLength: 3 }),
        eventValues.value,
      );
    case 'text':
      return fc
        .constantFrom(pattern.text, pattern.text.toUpperCase(), `x${pattern.text}`)
        .map((text) => JSON.stringify(text));
    case 'number':
      return fc.oneof(fc.constant(pattern.written), numbers);
    case 'boolean':
      return fc.constant(String(pattern.value));
    case 'null':
      return fc.constant('null');
  }
}

/** A pattern's fields; `$or` and operators are replaced by the fields inside them. */
function fieldsOf(fields: readonly JsonField[]): JsonField[] {
  return fields.flatMap((member) =>
    member.name === '$or' && member.value.kind === 'list'
      ? member.value.items.flatMap((item) => (item.kind === 'object' ? fieldsOf(item.fields) : []))
      : [member],
  );
}

/** Patterns, each with several events, determined by a seed. */
export function samples(seed: number, count: number, eventsEach: number): Sample[] {
  const groups = patterns.chain((pattern) => {
    const event = fc.oneof(
      { weight: 4, arbitrary: eventFor(readJsonTree(pattern)) },
      { weight: 1, arbitrary: eventValues.value },
    );
    return fc.tuple(fc.constant(pattern), fc.array(event, { minLength: eventsEach, maxLength: eventsEach }));
  });
  return fc
    .sample(groups, { seed, numRuns: count })
    .flatMap(([pattern, events]) =>
      events.map((event) => ({ pattern: `{"value":${pattern}}`, event: `{"value":${event}}` })),
    );
}
