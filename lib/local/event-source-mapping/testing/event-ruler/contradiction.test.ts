import { partsOf } from './contradiction.ts';

it('when a pattern has alternatives, each part has one branch and one condition of each list', () => {
  const pattern = '{"value":{"a":[1,"x"],"$or":[{"b":[null]},{"c":{"d":[{"exists":false},2]}}]}}';
  expect([...partsOf(pattern)]).toEqual([
    '{"value":{"a":[1],"b":[null]}}',
    '{"value":{"a":[1],"c":{"d":[{"exists":false}]}}}',
    '{"value":{"a":[1],"c":{"d":[2]}}}',
    '{"value":{"a":["x"],"b":[null]}}',
    '{"value":{"a":["x"],"c":{"d":[{"exists":false}]}}}',
    '{"value":{"a":["x"],"c":{"d":[2]}}}',
  ]);
});

it('when names are repeated, parts repeat them, and a number stays as it was written', () => {
  expect([...partsOf('{"value":{"a":[1],"a":[2.0]}}')]).toEqual(['{"value":{"a":[1],"a":[2.0]}}']);
});
