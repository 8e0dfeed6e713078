import type { Sample } from './samples.ts';

/** A pattern under `value` and the events to test, as JSON text. */
type Question = readonly [pattern: string, ...events: string[]];

/** Former bugs, and one case for each rule that is easy to get wrong. */
const questions: readonly Question[] = [
  // exists: false in lists of objects applies to the whole event, or to the elements chosen by earlier fields
  [
    '{"items":{"giftNote":[{"exists":false}]}}',
    '{"items":[{"sku":"A"},{"sku":"B","giftNote":"hi"}]}',
    '{"items":[{"sku":"A"}]}',
  ],
  [
    '{"items":{"a":["x"],"z":[{"exists":false}]}}',
    '{"items":[{"a":"x"},{"a":"y","z":1}]}',
    '{"items":[{"a":"x","z":1}]}',
  ],
  [
    '{"items":{"a":[{"exists":false}],"z":["x"]}}',
    '{"items":[{"z":"x"},{"a":1}]}',
    '{"items":[{"z":"x"},{"z":"y"}]}',
  ],
  ['{"a":[{"exists":false},"x"]}', '{"a":"x"}', '{"a":"y"}', '{}', '{"a":[]}', '{"a":[{}]}', '{"a":{"b":1}}'],
  ['{"a":{"b":[{"exists":false}]}}', '{"a":[{"b":1},{"c":1}]}', '{"a":[{"c":1},{"c":2}]}', '{"a":1}'],
  [
    '{"a":{"b":[{"exists":true}],"c":[{"exists":false}]}}',
    '{"a":[{"b":1},{"c":1}]}',
    '{"a":[{"b":1,"c":1}]}',
  ],
  // $or multiplies the earlier alternatives; of two fields with the same path the later one counts
  ['{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}', '{"a":"y"}', '{"a":"x"}', '{"a":"x","b":"z"}', '{"b":"z"}'],
  ['{"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]}', '{"a":"y"}', '{"a":"x"}', '{"a":"x","b":"z"}'],
  [
    '{"$or":[{"a":["x"]},{"b":["y"]}],"c":{"$or":[{"d":[1]},{"e":[2]}]}}',
    '{"b":"y","c":{"e":2}}',
    '{"b":"y","c":{"e":1}}',
  ],
  ['{"a":["x"],"a":["y"]}', '{"a":"x"}', '{"a":"y"}', '{"a":["x","y"]}'],
  ['{"a":{"b":[1]},"a":{"c":[2]}}', '{"a":{"b":1,"c":2}}', '{"a":{"c":2}}'],
  ['{"$or":[{"a":["x"]}]}', '{"a":"x"}'],
  ['{"$or":["x"]}', '{"$or":"x"}', '{"a":"x"}'],
  ['{"$or":{"a":["x"]}}', '{"$or":{"a":"x"}}', '{"a":"x"}'],
  ['{"$or":[{"prefix":"x"},{"suffix":"y"}]}', '{"$or":"xz"}', '{"prefix":"x"}'],
  ['{"$or":[{"prefix":["x"]},{"a":["y"]}]}', '{"prefix":"x"}'],
  ['{"$or":[{"a":["x"]},{}]}', '{"a":"x"}'],
  // a dot in a name is a step, whether written in the pattern or the event
  ['{"a.b":["x"]}', '{"a":{"b":"x"}}', '{"a.b":"x"}', '{"a":{"c":"x"}}'],
  ['{"a":{"b":["x"]}}', '{"a.b":"x"}', '{"a":{"b":"x"},"a.b":"y"}'],
  ['{"a":{"b.c":["x"]}}', '{"a.b":{"c":"x"}}', '{"a":[{"b":[{"c":"x"}]}]}'],
  ['{"a.":["x"]}', '{"a":{"":"x"}}', '{"a.":"x"}'],
  ['{"a.b":[{"exists":false}]}', '{"a":{"b":1}}', '{"a":{"c":1}}'],
  // numbers that no double represents exactly equal only the same notation
  [
    '{"id":[{"numeric":["<=",9007199254740992]}]}',
    '{"id":9007199254740993}',
    '{"id":9007199254740992}',
    '{"id":1e400}',
  ],
  [
    '{"id":[9007199254740992]}',
    '{"id":9007199254740993}',
    '{"id":9007199254740992}',
    '{"id":9007199254740992.0}',
  ],
  [
    '{"id":[9007199254740993]}',
    '{"id":9007199254740993}',
    '{"id":9007199254740993.0}',
    '{"id":9007199254740992}',
  ],
  ['{"id":[1e400]}', '{"id":1e400}', '{"id":10e399}'],
  ['{"id":[{"numeric":["=",9007199254740993]}]}', '{"id":9007199254740993}'],
  ['{"id":[{"anything-but":1E400}]}', '{"id":1}'],
  ['{"id":[{"anything-but":[1,9007199254740993]}]}', '{"id":1}'],
  ['{"id":[{"anything-but":9007199254740992}]}', '{"id":9007199254740993}', '{"id":9007199254740992.0}'],
  [
    '{"id":[0.1]}',
    '{"id":0.10}',
    '{"id":1e-1}',
    '{"id":0.1000000000000000055511151231257827}',
    '{"id":"0.1"}',
  ],
  ['{"id":[0]}', '{"id":-0}', '{"id":0e5}', '{"id":0.000}'],
  ['{"id":[{"numeric":[">",0,"<",0.3]}]}', '{"id":0.30000000000000000001}', '{"id":0.3}', '{"id":0.2}'],
  // operators and their operands
  ['{"a":[{"exactly":"child"}]}', '{"a":"child"}', '{"a":"children"}'],
  ['{"a":[{"exactly":1}]}', '{"a":1}'],
  ['{"a":[{"prefix":""}]}', '{"a":"x"}', '{"a":""}', '{"a":1}'],
  ['{"a":[{"prefix":{"equals-ignore-case":"abc","test":"def"}}]}', '{"a":"abc"}'],
  ['{"a":[{"prefix":{"suffix":"abc"}}]}', '{"a":"abc"}'],
  ['{"a":[{"suffix":{"equals-ignore-case":"LE"}}]}', '{"a":"file"}', '{"a":"fil"}'],
  ['{"a":[{"equals-ignore-case":"straße"}]}', '{"a":"STRASSE"}', '{"a":"strasse"}', '{"a":"Straße"}'],
  ['{"a":[{"anything-but":{"prefix":""}}]}', '{"a":"x"}'],
  ['{"a":[{"anything-but":{"suffix":""}}]}', '{"a":"x"}'],
  ['{"a":[{"anything-but":{"prefix":["1",""]}}]}', '{"a":"x"}'],
  ['{"a":[{"anything-but":{"prefix":[]}}]}', '{"a":"x"}'],
  ['{"a":[{"anything-but":{"prefix":["x","y"]}}]}', '{"a":"xa"}', '{"a":"z"}', '{"a":1}', '{"a":null}', '{}'],
  ['{"a":[{"anything-but":{"cidr":"10.0.0.0/24"}}]}', '{"a":"10.0.0.1"}'],
  ['{"a":[{"anything-but":{"wildcard":["a*","*b"]}}]}', '{"a":"ax"}', '{"a":"xb"}', '{"a":"xc"}'],
  ['{"a":[{"anything-but":["x",1]}]}', '{"a":"y"}'],
  ['{"a":[{"anything-but":[null]}]}', '{"a":"y"}'],
  ['{"a":[{"anything-but":["x"]}]}', '{"a":["x","y"]}', '{"a":["x"]}', '{"a":[]}', '{"a":{"b":1}}'],
  ['{"a":[{"wildcard":"a**b"}]}', '{"a":"ab"}'],
  ['{"a":[{"wildcard":"a\\\\b"}]}', '{"a":"ab"}'],
  ['{"a":[{"wildcard":"a\\\\*b*"}]}', '{"a":"a*b"}', '{"a":"axb"}', '{"a":"a*bc"}'],
  ['{"a":[{"wildcard":"*a*a*"}]}', '{"a":"a"}', '{"a":"aa"}', '{"a":"xaxax"}'],
  ['{"a":[{"numeric":[]}]}', '{"a":1}'],
  ['{"a":[{"numeric":["<",1,">",0]}]}', '{"a":1}'],
  ['{"a":[{"numeric":[">",1,"<",1]}]}', '{"a":1}'],
  ['{"a":[{"numeric":[">",0,"<=",1]}]}', '{"a":1}', '{"a":0}', '{"a":"1"}'],
  ['{"a":[{"cidr":"10.0.0.0/32"}]}', '{"a":"10.0.0.0"}'],
  ['{"a":[{"cidr":"::ffff:a00:0/24"}]}', '{"a":"10.0.0.1"}', '{"a":"10.0.1.1"}'],
  ['{"a":["::1"]}', '{"a":"0:0:0:0:0:0:0:1"}', '{"a":"::2"}'],
  ['{"a":[{}]}', '{"a":1}'],
  ['{"a":[["x"]]}', '{"a":"x"}'],
  ['{"a":[]}', '{"a":"x"}'],
  ['{"a":{}}', '{"a":"x"}'],
  ['{"a":"x"}', '{"a":"x"}'],
  ['["x"]', '"x"', '["x"]', '{"a":"x"}'],
];

export const fixedSamples: readonly Sample[] = questions.flatMap(([pattern, ...events]) =>
  events.map((event) => ({ pattern: `{"value":${pattern}}`, event: `{"value":${event}}` })),
);
