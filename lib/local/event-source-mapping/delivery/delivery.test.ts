import type { RetryPolicy } from '../mapping/definition.ts';
import { eventually } from '../testing/eventually.ts';
import { Delivery, type DeliveryPorts } from './delivery.ts';
import type { FailedBatch } from './failed-batch.ts';
import type { InvocationResult } from './invocation-result.ts';
import type { SerializedRecord } from './lambda-event.ts';
import { PartitionProgress } from './partition-progress.ts';
import type { Share } from './record-buffer.ts';

const policy: RetryPolicy = {
  maximumRetryAttempts: Infinity,
  maximumRecordAgeMs: Infinity,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: false,
};
const record = (offset: number, bytes = 1, partition = 0): SerializedRecord => ({
  partition,
  offset,
  timestampMs: Date.now(),
  packed: '{}',
  bytes,
});
const batch = { records: [record(10), record(11), record(12)], endOffset: 20 };
const failed: InvocationResult = { type: 'function-error', reason: 'boom' };
const success: InvocationResult = { type: 'success' };

interface Answers {
  readonly ports?: Partial<DeliveryPorts>;
  readonly commit?: () => Promise<void>;
}

/** Deliveries whose function returns these results, then success; everything they do is recorded. */
function deliveryOf(
  answers: InvocationResult[],
  options: Partial<RetryPolicy> = {},
  { ports = {}, commit = () => Promise.resolve() }: Answers = {},
) {
  const calls: string[][] = [];
  const commits: string[] = [];
  const discarded: FailedBatch[] = [];
  const lines: string[] = [];
  const stopping = new AbortController();
  const all: DeliveryPorts = {
    invoke: (records) => {
      calls.push(records.map(({ partition, offset }) => `${partition}/${offset}`));
      return Promise.resolve(answers.shift() ?? success);
    },
    isTooLarge: ({ bytes }) => bytes > 100,
    discard: (one) => {
      discarded.push(one);
      return Promise.resolve();
    },
    report: {
      attemptFailed: (_, reason, next) => lines.push(`${reason}; ${next}`),
      discardFailed: (_, reason) => lines.push(reason),
    },
    ...ports,
  };
  const progressOf = (partition: number) =>
    new PartitionProgress(partition, 10, {
      commit: async (offset) => {
        await commit();
        commits.push(`${partition}/${offset}`);
      },
      problem: (message) => lines.push(message),
    });
  const progress = [progressOf(0), progressOf(1)] as const;
  const deliver = (first: Share, second?: Share) => {
    const parts = [first, ...(second ? [second] : [])].map((share, partition) => ({
      ...share,
      progress: progress[partition as 0 | 1],
    }));
    return new Delivery(all, { ...policy, ...options }, parts, stopping.signal).deliver();
  };
  return { deliver, progress, calls, commits, discarded, lines, stopping };
}

it('when the function succeeds, the position after the batch is committed once', async () => {
  const { deliver, commits } = deliveryOf([]);
  await deliver(batch);
  expect(commits).toEqual(['0/20']);
});

it('when the function fails, nothing is committed before it succeeds, and each failure is reported once', async () => {
  const { deliver, calls, commits, lines } = deliveryOf([failed, failed]);
  await deliver(batch);
  expect(calls).toEqual([
    ['0/10', '0/11', '0/12'],
    ['0/10', '0/11', '0/12'],
    ['0/10', '0/11', '0/12'],
  ]);
  expect(commits).toEqual(['0/20']);
  expect(lines).toEqual(['boom; next try in 100 ms', 'boom; next try in 200 ms']);
});

it('when some records fail, progress is committed up to the first of them', async () => {
  const partial: InvocationResult = { type: 'item-failures', failed: batch.records.slice(1) };
  const { deliver, calls, commits } = deliveryOf([partial]);
  await deliver(batch);
  expect(calls).toEqual([
    ['0/10', '0/11', '0/12'],
    ['0/11', '0/12'],
  ]);
  expect(commits).toEqual(['0/11', '0/20']);
});

it('when the batch is bisected, the first half is committed before the second is done', async () => {
  const { deliver, calls, commits } = deliveryOf([failed], { bisectBatchOnFunctionError: true });
  await deliver(batch);
  expect(calls).toEqual([['0/10', '0/11', '0/12'], ['0/10', '0/11'], ['0/12']]);
  expect(commits).toEqual(['0/12', '0/20']);
});

it('when the retries are exhausted, the records go to the destination and are then committed', async () => {
  const { deliver, discarded, commits } = deliveryOf([failed, failed], { maximumRetryAttempts: 1 });
  await deliver(batch);
  expect(discarded).toMatchObject([
    { condition: 'RetryAttemptsExhausted', invocations: 2, records: batch.records },
  ]);
  expect(commits).toEqual(['0/20']);
});

it('when records cannot be decoded, they go to the destination without a call, by condition, and the others continue', async () => {
  const misfit = { condition: 'DESERIALIZATION_ERROR', reason: 'misfit' } as const;
  const unknown = { condition: 'SCHEMA_NOT_FOUND', reason: 'unknown' } as const;
  const records = [
    { ...record(9), undecodable: misfit },
    record(10),
    { ...record(11), undecodable: unknown },
    { ...record(12), undecodable: misfit },
  ];
  const { deliver, discarded, calls, commits } = deliveryOf([]);
  await deliver({ records, endOffset: 20 });
  expect(discarded).toMatchObject([
    { condition: 'DESERIALIZATION_ERROR', invocations: 0, records: [{ offset: 9 }, { offset: 12 }] },
    { condition: 'SCHEMA_NOT_FOUND', invocations: 0, records: [{ offset: 11 }] },
  ]);
  expect(calls).toEqual([['0/10']]);
  expect(commits).toEqual(['0/20']);
});

it('when the destination rejects records, sending is retried and nothing is committed meanwhile', async () => {
  let refusals = 2;
  const discard = () => (refusals-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve());
  const { deliver, commits, lines } = deliveryOf(
    [failed],
    { maximumRetryAttempts: 0 },
    { ports: { discard } },
  );
  await deliver(batch);
  expect(lines.filter((line) => line.includes('away'))).toHaveLength(2);
  expect(commits).toEqual(['0/20']);
});

it('when the call does not reach the function, it is retried without using up a retry', async () => {
  const away: InvocationResult = { type: 'unavailable', reason: 'refused' };
  const { deliver, calls, discarded } = deliveryOf([away, away, failed], { maximumRetryAttempts: 1 });
  await deliver(batch);
  expect(calls).toHaveLength(4);
  expect(discarded).toEqual([]);
});

it('when the endpoint finds a batch too large, it is split; a single record is given up', async () => {
  const tooLarge: InvocationResult = { type: 'too-large' };
  const two = { records: [record(10), record(11)], endOffset: 12 };
  const { deliver, calls, discarded } = deliveryOf([tooLarge, tooLarge]);
  await deliver(two);
  expect(calls).toEqual([['0/10', '0/11'], ['0/10'], ['0/11']]);
  expect(discarded).toMatchObject([{ condition: 'MaximumPayloadSizeExceeded', records: [{ offset: 10 }] }]);
});

it('when one record exceeds the limit, the function is not called', async () => {
  const { deliver, calls, discarded, commits } = deliveryOf([]);
  await deliver({ records: [record(10, 101)], endOffset: 11 });
  expect(calls).toEqual([]);
  expect(discarded).toMatchObject([{ condition: 'MaximumPayloadSizeExceeded', invocations: 0 }]);
  expect(commits).toEqual(['0/11']);
});

it('when records exceed the maximum age, only they are given up', async () => {
  const old = { ...record(10), timestampMs: 0 };
  const { deliver, calls, discarded } = deliveryOf([], { maximumRecordAgeMs: 60_000 });
  await deliver({ records: [old, record(11)], endOffset: 12 });
  expect(calls).toEqual([['0/11']]);
  expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', records: [{ offset: 10 }] }]);
});

it('when it is stopped during a delay, it ends without another call or commit', async () => {
  const { deliver, calls, commits, lines, stopping } = deliveryOf(Array<InvocationResult>(9).fill(failed));
  const end = deliver(batch);
  await eventually('it waits for the third try', () => lines.length === 2);
  stopping.abort();
  await end;
  expect(calls).toHaveLength(2);
  expect(commits).toEqual([]);
});

it('when the partition is revoked before the call ends, its success is not committed', async () => {
  const answer = Promise.withResolvers<InvocationResult>();
  const { deliver, commits, progress, stopping } = deliveryOf(
    [],
    {},
    { ports: { invoke: () => answer.promise } },
  );
  const end = deliver(batch);
  progress[0].close();
  stopping.abort();
  answer.resolve(success);
  await end;
  expect(commits).toEqual([]);
});

it('when it is stopped during a call that succeeds, that success is committed', async () => {
  const answer = Promise.withResolvers<InvocationResult>();
  const { deliver, commits, stopping } = deliveryOf([], {}, { ports: { invoke: () => answer.promise } });
  const end = deliver(batch);
  stopping.abort();
  answer.resolve(success);
  await end;
  expect(commits).toEqual(['0/20']);
});

it('when the broker rejects a commit, the commit is retried, not the call', async () => {
  let refusals = 1;
  const commit = () => (refusals-- > 0 ? Promise.reject(new Error('rebalancing')) : Promise.resolve());
  const { deliver, progress, calls, lines } = deliveryOf([], {}, { commit });
  await deliver(batch);
  expect(calls).toHaveLength(1);
  expect(lines).toEqual(['offset 20 not committed yet: rebalancing']);
  expect(progress[0].committedOffset).toBe(20);
});

describe('a batch of two partitions', () => {
  const other = { records: [record(5, 1, 1), record(6, 1, 1)], endOffset: 30 };
  const both = ['0/10', '0/11', '0/12', '1/5', '1/6'];

  it('when the function succeeds, the offsets of both partitions are committed', async () => {
    const { deliver, calls, commits } = deliveryOf([]);
    await deliver(batch, other);
    expect(calls).toEqual([both]);
    expect(commits).toEqual(['0/20', '1/30']);
  });

  it('when the function fails, the batch is retried unchanged', async () => {
    const { deliver, calls, commits } = deliveryOf([failed]);
    await deliver(batch, other);
    expect(calls).toEqual([both, both]);
    expect(commits).toEqual(['0/20', '1/30']);
  });

  it('when records of one partition are reported, the other is committed and not retried', async () => {
    const { deliver, calls, commits } = deliveryOf([
      { type: 'item-failures', failed: other.records.slice(1) },
    ]);
    await deliver(batch, other);
    expect(calls).toEqual([both, ['1/6']]);
    expect(commits).toEqual(['0/20', '1/30']);
  });

  it('when it is bisected, each half is committed per partition', async () => {
    const { deliver, calls, commits } = deliveryOf([failed], { bisectBatchOnFunctionError: true });
    await deliver(batch, other);
    expect(calls).toEqual([both, both.slice(0, 3), both.slice(3)]);
    expect(commits).toEqual(['0/20', '1/30']);
  });

  it('when the failing record changes to one with the same offset in another partition, the retry count starts over', async () => {
    const same = { records: [record(12, 1, 1)], endOffset: 13 };
    const answers: InvocationResult[] = [
      { type: 'item-failures', failed: [...batch.records.slice(2), ...same.records] },
      { type: 'item-failures', failed: same.records },
    ];
    const { deliver, calls, discarded } = deliveryOf(answers, { maximumRetryAttempts: 1 });
    await deliver(batch, same);
    expect(calls.slice(1)).toEqual([['0/12', '1/12'], ['1/12']]);
    expect(discarded).toEqual([]);
  });

  it('when one partition is lost to another member, only the other is retried and committed', async () => {
    const answer = Promise.withResolvers<InvocationResult>();
    const answers = [answer.promise, Promise.resolve(success)];
    const called: number[] = [];
    const invoke = (records: readonly SerializedRecord[]) => {
      called.push(records.length);
      return answers.shift() ?? Promise.resolve(success);
    };
    const { deliver, progress, commits } = deliveryOf([], {}, { ports: { invoke } });
    const end = deliver(batch, other);
    progress[0].close();
    answer.resolve(failed);
    await end;
    expect(called).toEqual([5, 2]);
    expect(commits).toEqual(['1/30']);
  });
});
