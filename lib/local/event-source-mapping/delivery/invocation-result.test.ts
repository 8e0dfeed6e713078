import { judgeItemFailures } from './invocation-result.ts';
import type { SerializedRecord } from './lambda-event.ts';

const records: SerializedRecord[] = [5, 6, 7].map((offset) => ({
  partition: 2,
  offset,
  timestampMs: 0,
  packed: '',
  bytes: 0,
}));
const judge = (response: unknown) => judgeItemFailures(JSON.stringify(response), 'orders', records);
const failure = (partition: unknown, offset: unknown) => ({ itemIdentifier: { partition, offset } });

it.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
  'when the function returns %j, the batch succeeds',
  (response) => {
    expect(judge(response)).toEqual({ type: 'success' });
  },
);

it('when the function returns nothing, the batch succeeds', () => {
  expect(judgeItemFailures('', 'orders', records)).toEqual({ type: 'success' });
});

it('when records are reported, they have failed, each once and in the order of the batch', () => {
  const named = [failure('orders-2', 7), failure('orders-2', 5), failure('orders-2', 7)];
  expect(judge({ batchItemFailures: named })).toEqual({
    type: 'item-failures',
    failed: [records[0], records[2]],
  });
});

it.each([
  ['an unknown partition', failure('orders-1', 5)],
  ['an unknown topic', failure('order-2', 5)],
  ['an offset that was not in the event', failure('orders-2', 8)],
  ['an offset as a string', failure('orders-2', '5')],
  ['an identifier as a string', { itemIdentifier: '5' }],
  ['no identifier', {}],
  ['null', null],
])('when one entry is %s, the whole batch has failed', (_, entry) => {
  expect(judge({ batchItemFailures: [failure('orders-2', 5), entry] })).toMatchObject({
    type: 'function-error',
  });
});

it('when the former key is used, the message names the current one', () => {
  const result = judge({
    batchItemFailures: [{ itemIdentifier: { 'topic-partition': 'orders-2', offset: 5 } }],
  });
  expect(result).toMatchObject({ reason: expect.stringContaining('the key is "partition"') as string });
});

it.each([['"text"'], ['3'], ['[]'], ['{"batchItemFailures":{}}'], ['te"xt']])(
  'when the response is %s, the whole batch has failed',
  (payload) => {
    expect(judgeItemFailures(payload, 'orders', records)).toMatchObject({ type: 'function-error' });
  },
);
