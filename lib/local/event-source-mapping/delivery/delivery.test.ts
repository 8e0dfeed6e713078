import type { FailedBatch } from './failed-batch.ts';
import type { RetryPolicy } from '../mapping/definition.ts';
import { eventually } from '../testing/eventually.ts';
import { Delivery, type DeliveryPorts } from './delivery.ts';
import type { InvocationResult } from './invocation-result.ts';
import type { SerializedRecord } from './lambda-event.ts';

const policy: RetryPolicy = {
  maximumRetryAttempts: Infinity,
  maximumRecordAgeMs: Infinity,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
};
const record = (offset: number, bytes = 1): SerializedRecord => ({
  partition: 0,
  offset,
  timestampMs: Date.now(),
  packed: '{}',
  bytes,
});
const batch = { records: [record(10), record(11), record(12)], endOffset: 20 };
const failed: InvocationResult = { type: 'function-error', reason: 'boom' };
const success: InvocationResult = { type: 'success' };

/** A delivery whose function answers as told, then with success; everything it does is noted. */
function deliveryOf(
  answers: InvocationResult[],
  options: Partial<RetryPolicy> = {},
  ports: Partial<DeliveryPorts> = {},
) {
  const calls: number[][] = [];
  const commits: number[] = [];
  const discarded: FailedBatch[] = [];
  const lines: string[] = [];
  const stopping = new AbortController();
  const closed = new AbortController();
  const delivery = new Delivery(
    {
      invoke: (records) => {
        calls.push(records.map(({ offset }) => offset));
        return Promise.resolve(answers.shift() ?? success);
      },
      isTooLarge: ({ bytes }) => bytes > 100,
      commit: (offset) => {
        commits.push(offset);
        return Promise.resolve();
      },
      discard: (one) => {
        discarded.push(one);
        return Promise.resolve();
      },
      report: {
        attemptFailed: (_, reason, next) => lines.push(`${reason}; ${next}`),
        problem: (message) => lines.push(message),
      },
      ...ports,
    },
    { ...policy, ...options },
    { stopping: stopping.signal, closed: closed.signal },
    10,
  );
  return { delivery, calls, commits, discarded, lines, stopping, closed };
}

it('when the function succeeds, the position behind the batch is committed once', async () => {
  const { delivery, commits } = deliveryOf([]);
  await delivery.deliver(batch);
  await delivery.commit(20);
  expect(commits).toEqual([20]);
});

it('when the function fails, nothing is committed before it succeeds, and each failure is one line', async () => {
  const { delivery, calls, commits, lines } = deliveryOf([failed, failed]);
  await delivery.deliver(batch);
  expect(calls).toEqual([
    [10, 11, 12],
    [10, 11, 12],
    [10, 11, 12],
  ]);
  expect(commits).toEqual([20]);
  expect(lines).toEqual(['boom; next try in 100 ms', 'boom; next try in 200 ms']);
});

it('when some records fail, progress is committed up to the first of them', async () => {
  const partial: InvocationResult = { type: 'item-failures', failed: batch.records.slice(1) };
  const { delivery, calls, commits } = deliveryOf([partial]);
  await delivery.deliver(batch);
  expect(calls).toEqual([
    [10, 11, 12],
    [11, 12],
  ]);
  expect(commits).toEqual([11, 20]);
});

it('when the batch is bisected, the first half is committed before the second is done', async () => {
  const { delivery, calls, commits } = deliveryOf([failed], { bisectBatchOnFunctionError: true });
  await delivery.deliver(batch);
  expect(calls).toEqual([[10, 11, 12], [10, 11], [12]]);
  expect(commits).toEqual([12, 20]);
});

it('when the retries are used up, the records are handed over and then committed', async () => {
  const { delivery, discarded, commits } = deliveryOf([failed, failed], { maximumRetryAttempts: 1 });
  await delivery.deliver(batch);
  expect(discarded).toMatchObject([
    { condition: 'RetryAttemptsExhausted', invocations: 2, records: batch.records },
  ]);
  expect(commits).toEqual([20]);
});

it('when the destination does not take them, it is asked again and nothing is committed meanwhile', async () => {
  let refusals = 2;
  const discard = () => (refusals-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve());
  const { delivery, commits, lines } = deliveryOf([failed], { maximumRetryAttempts: 0 }, { discard });
  await delivery.deliver(batch);
  expect(lines.filter((line) => line.includes('away'))).toHaveLength(2);
  expect(commits).toEqual([20]);
});

it('when the call does not reach the function, it is repeated without using up a retry', async () => {
  const away: InvocationResult = { type: 'unavailable', reason: 'refused' };
  const { delivery, calls, discarded } = deliveryOf([away, away, failed], { maximumRetryAttempts: 1 });
  await delivery.deliver(batch);
  expect(calls).toHaveLength(4);
  expect(discarded).toEqual([]);
});

it('when the endpoint finds a batch too large, it is split; a single record is given up', async () => {
  const tooLarge: InvocationResult = { type: 'too-large' };
  const two = { records: [record(10), record(11)], endOffset: 12 };
  const { delivery, calls, discarded } = deliveryOf([tooLarge, tooLarge]);
  await delivery.deliver(two);
  expect(calls).toEqual([[10, 11], [10], [11]]);
  expect(discarded).toMatchObject([{ condition: 'MaximumPayloadSizeExceeded', records: [{ offset: 10 }] }]);
});

it('when one record is over the limit, the function is not called', async () => {
  const { delivery, calls, discarded, commits } = deliveryOf([]);
  await delivery.deliver({ records: [record(10, 101)], endOffset: 11 });
  expect(calls).toEqual([]);
  expect(discarded).toMatchObject([{ condition: 'MaximumPayloadSizeExceeded', invocations: 0 }]);
  expect(commits).toEqual([11]);
});

it('when records pass the maximum age, only they are given up', async () => {
  const old = { ...record(10), timestampMs: 0 };
  const { delivery, calls, discarded } = deliveryOf([], { maximumRecordAgeMs: 60_000 });
  await delivery.deliver({ records: [old, record(11)], endOffset: 12 });
  expect(calls).toEqual([[11]]);
  expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', records: [{ offset: 10 }] }]);
});

it('when it is stopped within a delay, it ends without another call or a commit', async () => {
  const { delivery, calls, commits, lines, stopping } = deliveryOf(Array<InvocationResult>(9).fill(failed));
  const end = delivery.deliver(batch);
  await eventually('it waits for the third try', () => lines.length === 2);
  stopping.abort();
  await end;
  expect(calls).toHaveLength(2);
  expect(commits).toEqual([]);
});

it('when the partition is gone before the call ends, its success is not committed', async () => {
  const answer = Promise.withResolvers<InvocationResult>();
  const { delivery, commits, stopping, closed } = deliveryOf([], {}, { invoke: () => answer.promise });
  const end = delivery.deliver(batch);
  closed.abort();
  stopping.abort();
  answer.resolve(success);
  await end;
  expect(commits).toEqual([]);
});

it('when it is stopped within a call that succeeds, that success is committed', async () => {
  const answer = Promise.withResolvers<InvocationResult>();
  const { delivery, commits, stopping } = deliveryOf([], {}, { invoke: () => answer.promise });
  const end = delivery.deliver(batch);
  stopping.abort();
  answer.resolve(success);
  await end;
  expect(commits).toEqual([20]);
});

it('when the broker does not take a commit, it is tried again, not the function', async () => {
  let refusals = 1;
  const commit = () => (refusals-- > 0 ? Promise.reject(new Error('rebalancing')) : Promise.resolve());
  const { delivery, calls, lines } = deliveryOf([], {}, { commit });
  await delivery.deliver(batch);
  expect(calls).toHaveLength(1);
  expect(lines).toEqual(['offset 20 not committed yet: rebalancing']);
  expect(delivery.committedOffset).toBe(20);
});
