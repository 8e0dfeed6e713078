import {
  BrokerUnavailableError,
  DatabaseUnavailableError,
  InvalidRecordError,
  InvocationTimeShortError,
} from '../errors.ts';
import { awayPublisher, fakePublisher, refusingPublisher } from '../../test/support/fake-publisher.ts';
import { invocation, record } from '../../test/support/record.ts';
import { withFailureDestination } from './failure-destination.ts';
import { RecordsFailedError, type RecordsHandler } from './failures.ts';
import type { ReportingPublisher } from './publisher.ts';
import type { KafkaRecord } from './records.ts';

const batch = (...offsets: number[]) => offsets.map((offset) => record('t', {}, { offset }));
const offsetsOf = (records: readonly { readonly offset?: number }[]) => records.map(({ offset }) => offset);
const named = (records: readonly KafkaRecord[], error: unknown = new Error('no')) =>
  new RecordsFailedError(records.map((record) => ({ record, error })));

/**
 * Runs batches through a handler and keeps what it was given, how long it waited and what was dead-lettered.
 */
function wrapped(
  handler: RecordsHandler,
  options: { publisher?: Pick<ReportingPublisher, 'publishEach'>; attempts?: number } = {},
) {
  const publisher = fakePublisher();
  const calls: (number | undefined)[][] = [];
  const waits: number[] = [];
  const run = withFailureDestination(
    (records, invocation) => {
      calls.push(offsetsOf(records));
      return handler(records, invocation);
    },
    {
      publisher,
      consumerGroupOf: (topic) => `group-${topic}`,
      backOffMs: (attempt) => {
        waits.push(attempt);
        return 0;
      },
      ...options,
    },
  );
  return { run, calls, waits, published: publisher.published };
}

/** Fails the records with these offsets, by name, the given number of times. */
function failing(
  offsets: readonly number[],
  times = Infinity,
  error: unknown = new Error('no'),
): RecordsHandler {
  let left = times;
  return async (records) => {
    const bad = records.filter(({ offset }) => offsets.includes(offset));
    if (bad.length > 0 && left-- > 0) await Promise.reject(named(bad, error));
  };
}

const originalOffsets = (
  published: readonly { readonly headers: readonly { name: string; value: Buffer }[] }[],
) =>
  published.map(({ headers }) =>
    Number(headers.findLast(({ name }) => name === 'kafka_dlt-original-offset')?.value.readBigInt64BE()),
  );

describe('a handler with a failure destination', () => {
  it('when all records succeed, is called once and dead-letters nothing', async () => {
    const { run, calls, published } = wrapped(() => Promise.resolve());
    expect(await run(batch(1, 2, 3), invocation)).toEqual({ handled: 3, deadLettered: [] });
    expect(calls).toEqual([[1, 2, 3]]);
    expect(published).toEqual([]);
  });

  it('when there are no records, is not called', async () => {
    const { run, calls } = wrapped(() => Promise.reject(new Error('no')));
    expect(await run([], invocation)).toEqual({ handled: 0, deadLettered: [] });
    expect(calls).toEqual([]);
  });

  it('when a record can never succeed, dead-letters it immediately, without back-off', async () => {
    const { run, calls, waits, published } = wrapped(failing([2], Infinity, new InvalidRecordError('no')));
    expect(await run(batch(1, 2, 3), invocation)).toEqual({
      handled: 2,
      deadLettered: [{ topic: 't', partition: 0, offset: 2, error: 'InvalidRecordError' }],
    });
    expect(calls).toEqual([[1, 2, 3]]);
    expect(waits).toEqual([]);
    expect(originalOffsets(published)).toEqual([2]);
  });

  it('when a record fails and then succeeds, is retried alone and nothing is dead-lettered', async () => {
    const { run, calls, published } = wrapped(failing([2], 2));
    expect(await run(batch(1, 2, 3), invocation)).toMatchObject({ handled: 3 });
    expect(calls).toEqual([[1, 2, 3], [2], [2]]);
    expect(published).toEqual([]);
  });

  it('when records keep failing, they wait together: one back-off per attempt, not per record', async () => {
    const { run, calls, waits, published } = wrapped(failing([1, 3]));
    await run(batch(1, 2, 3), invocation);
    expect(calls).toEqual([
      [1, 2, 3],
      [1, 3],
      [1, 3],
    ]);
    expect(waits).toEqual([1, 2]);
    expect(originalOffsets(published)).toEqual([1, 3]);
  });

  it('when the number of attempts is given, makes that many', async () => {
    const { run, calls } = wrapped(failing([1]), { attempts: 1 });
    await run(batch(1), invocation);
    expect(calls).toEqual([[1]]);
  });

  it('when a record is dead-lettered, it names the consumer group and the error', async () => {
    const { run, published } = wrapped(failing([1], Infinity, new RangeError('too far')));
    await run(batch(1), invocation);
    const header = (name: string) =>
      published[0]?.headers.find((header) => header.name === name)?.value.toString();
    expect(published[0]?.topic).toBe('t.DLT');
    expect(header('kafka_dlt-original-consumer-group')).toBe('group-t');
    expect(header('kafka_dlt-exception-fqcn')).toBe('RangeError');
  });

  it('when no back-off is given, it takes 25 to 75 ms, then 50 to 150 ms', async () => {
    const run = withFailureDestination(failing([1]), { publisher: fakePublisher(), consumerGroupOf: String });
    const started = performance.now();
    await run(batch(1), invocation);
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(70);
    expect(took).toBeLessThan(1_000);
  });
});

describe('a batch that fails without naming the record', () => {
  const poison =
    (...offsets: number[]): RecordsHandler =>
    async (records) => {
      if (records.some(({ offset }) => offsets.includes(offset))) await Promise.reject(new TypeError('no'));
    };

  it('when one record is to blame, it is found by bisecting and dead-lettered alone', async () => {
    const { run, calls, published } = wrapped(poison(6));
    expect(await run(batch(1, 2, 3, 4, 5, 6, 7, 8), invocation)).toMatchObject({ handled: 7 });
    expect(calls.slice(0, 7)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [5, 6],
      [5],
      [6],
      [7, 8],
    ]);
    expect(originalOffsets(published)).toEqual([6]);
  });

  it('when several are to blame, each is found', async () => {
    const { run, published } = wrapped(poison(1, 4, 5));
    await run(batch(1, 2, 3, 4, 5), invocation);
    expect(originalOffsets(published)).toEqual([1, 4, 5]);
  });

  it('when the handler throws before it returns a promise, the record is found as well', async () => {
    const { run, published } = wrapped((records) => {
      if (records.some(({ offset }) => offset === 2)) throw new TypeError('no');
      return Promise.resolve();
    });
    await run(batch(1, 2), invocation);
    expect(originalOffsets(published)).toEqual([2]);
  });

  it.each([
    ['nothing', undefined],
    ['a string', 'no'],
  ])('when %s is thrown, the record is still dead-lettered', async (_, thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- handlers may
    const { run, published } = wrapped(() => Promise.reject(thrown));
    await run(batch(1), invocation);
    expect(published).toHaveLength(1);
  });

  it('when the handler names a record that it was not given, that is ignored', async () => {
    const stranger = record('t', {}, { offset: 99 });
    const { run, published } = wrapped(async (records) => {
      if (records.some(({ offset }) => offset === 2)) await Promise.reject(named([stranger]));
    });
    expect(await run(batch(1, 2, 3), invocation)).toMatchObject({ handled: 2 });
    expect(originalOffsets(published)).toEqual([2]);
  });

  it('when the handler says that records failed but names none, they are found by bisecting', async () => {
    const { run, published } = wrapped(async (records) => {
      if (records.some(({ offset }) => offset === 2)) await Promise.reject(named([]));
    });
    await run(batch(1, 2, 3), invocation);
    expect(originalOffsets(published)).toEqual([2]);
  });

  it.each([
    ['may succeed when retried', new Error('no'), 3],
    ['can never succeed', new InvalidRecordError('no'), 1],
  ])(
    'when a record %s and fails, its dead letter says how often it was attempted',
    async (_, error, made) => {
      const { run, published } = wrapped(failing([1], Infinity, error));
      await run(batch(1, 2), invocation);
      const header = published[0]?.headers.find(({ name }) => name === 'kafka_deliveryAttempt');
      expect(header?.value.readInt32BE()).toBe(made);
    },
  );

  it('when the handler names a record twice, it is dead-lettered once, for its first reason', async () => {
    const [first, second] = [new InvalidRecordError('a'), new InvalidRecordError('b')];
    const { run, published } = wrapped(([bad = record('t', {})]) =>
      Promise.reject(
        new RecordsFailedError([
          { record: bad, error: first },
          { record: bad, error: second },
        ]),
      ),
    );
    expect(await run(batch(1, 2), invocation)).toMatchObject({ handled: 1 });
    expect(published).toHaveLength(1);
    expect(
      published[0]?.headers.find(({ name }) => name === 'kafka_dlt-exception-message')?.value.toString(),
    ).toBe('a');
  });

  it('when the handler names a copy of a record, the record itself is dead-lettered', async () => {
    const given = record('t', {}, { offset: 1, headers: [{ name: 'h', value: Buffer.from('kept') }] });
    const { run, published } = wrapped(([one = given]) => Promise.reject(named([{ ...one, headers: [] }])));
    await run([given], invocation);
    expect(published[0]?.headers[0]).toEqual({ name: 'h', value: Buffer.from('kept') });
  });
});

describe('an outage', () => {
  const outage = new DatabaseUnavailableError('unreachable');

  it('when it fails the batch, fails the invocation, is not retried and dead-letters nothing', async () => {
    const { run, calls, published } = wrapped(() => Promise.reject(outage));
    await expect(run(batch(1, 2), invocation)).rejects.toBe(outage);
    expect(calls).toEqual([[1, 2]]);
    expect(published).toEqual([]);
  });

  it('when it fails one named record, fails the invocation, though others failed permanently', async () => {
    const { run, published } = wrapped(([one = record('t', {}), two = one]) =>
      Promise.reject(
        new RecordsFailedError([
          { record: one, error: new InvalidRecordError('no') },
          { record: two, error: outage },
        ]),
      ),
    );
    await expect(run(batch(1, 2), invocation)).rejects.toBe(outage);
    expect(published).toEqual([]);
  });

  it('when it begins during bisecting, dead-letters nothing', async () => {
    const { run, published } = wrapped(async (records) => {
      await Promise.reject(records.length > 1 ? new TypeError('no') : outage);
    });
    await expect(run(batch(1, 2), invocation)).rejects.toBe(outage);
    expect(published).toEqual([]);
  });

  it('when it begins at the second attempt, permanent failures of the first are not dead-lettered either', async () => {
    let attempt = 0;
    const { run, published } = wrapped(async ([one = record('t', {}), two = one]) => {
      attempt += 1;
      if (attempt > 1) await Promise.reject(outage);
      throw new RecordsFailedError([
        { record: one, error: new InvalidRecordError('no') },
        { record: two, error: new Error('no') },
      ]);
    });
    await expect(run(batch(1, 2), invocation)).rejects.toBe(outage);
    expect(published).toEqual([]);
  });

  it('when the dead letters cannot be published, fails the invocation', async () => {
    const { run } = wrapped(failing([1]), { publisher: awayPublisher });
    await expect(run(batch(1), invocation)).rejects.toBeInstanceOf(BrokerUnavailableError);
  });
});

describe('an invocation whose time is nearly over', () => {
  it('when it has less than 2 s left, begins no attempt', async () => {
    const { run, calls } = wrapped(() => Promise.resolve());
    await expect(run(batch(1), { remainingMs: () => 2_000 })).rejects.toBeInstanceOf(
      InvocationTimeShortError,
    );
    expect(calls).toEqual([]);
  });

  it('when the back-off does not fit in, fails and dead-letters nothing', async () => {
    let remaining = 60_000;
    const { run, calls, published } = wrapped(async () => {
      remaining = 1_500;
      await Promise.reject(new Error('no'));
    });
    await expect(run(batch(1), { remainingMs: () => remaining })).rejects.toBeInstanceOf(
      InvocationTimeShortError,
    );
    expect(calls).toHaveLength(1);
    expect(published).toEqual([]);
  });

  it('when the handler hangs, fails a second before the timeout', async () => {
    const { run, published } = wrapped(() => Promise.withResolvers<never>().promise);
    const started = performance.now();
    const end = started + 2_100;
    await expect(run(batch(1, 2), { remainingMs: () => end - performance.now() })).rejects.toBeInstanceOf(
      InvocationTimeShortError,
    );
    expect(performance.now() - started).toBeGreaterThan(1_000);
    expect(performance.now()).toBeLessThan(end);
    expect(published).toEqual([]);
  });

  it('when publishing the dead letters hangs, fails before the timeout', async () => {
    let remaining = 60_000;
    const publisher = { publishEach: () => Promise.withResolvers<never>().promise };
    const { run } = wrapped(
      async () => {
        remaining = 1_000;
        await Promise.reject(new InvalidRecordError('no'));
      },
      { publisher },
    );
    await expect(run(batch(1), { remainingMs: () => remaining })).rejects.toBeInstanceOf(
      InvocationTimeShortError,
    );
  });

  it('when a record is malformed in its event, no handler sees it, and its dead letter says what is wrong', async () => {
    const { run, calls, published } = wrapped(() => Promise.resolve());
    const odd = record('t', {}, { offset: NaN, fault: new InvalidRecordError('offset must be a number') });
    expect(await run([odd, odd, ...batch(1)], invocation)).toMatchObject({ handled: 1 });
    expect(calls).toEqual([[1]]);
    expect(published).toHaveLength(2);
  });

  it('when a dead letter is too large, it says less', async () => {
    const publisher = refusingPublisher(({ headers }) => headers.length > 8);
    const { run } = wrapped(failing([2]), { publisher });
    await run(batch(1, 2), invocation);
    expect(originalOffsets(publisher.published)).toEqual([2]);
  });

  it('when it is too large in any form, the others are published, and the invocation fails with both reasons', async () => {
    const publisher = refusingPublisher(({ partition }) => partition === 1);
    const { run } = wrapped(failing([2, 3], Infinity, new InvalidRecordError('no JSON.')), { publisher });
    const large = record('t', {}, { partition: 1, offset: 3 });
    await expect(run([...batch(1, 2), large], invocation)).rejects.toMatchObject({
      code: 'OPENORDER_DEAD_LETTER_REFUSED',
      disposition: 'infrastructure',
      message: expect.stringMatching(
        /^The record t\/1\/3 failed: no JSON\. .*t\.DLT: MESSAGE_TOO_LARGE/,
      ) as string,
    });
    expect(originalOffsets(publisher.published)).toEqual([2]);
  });
});
