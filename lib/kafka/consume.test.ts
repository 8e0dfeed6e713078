import * as v from 'valibot';
import { invocation, record } from '../../test/support/record.ts';
import type { Contract } from '../contracts/contract.ts';
import { consume, type ReceivedEvent } from './consume.ts';
import { RecordsFailedError } from './failures.ts';
import type { KafkaRecord } from './records.ts';

const thing: Contract<{ n: number }> = { topic: 'thing', schema: v.object({ n: v.number() }) };
const other: Contract<{ s: string }> = { topic: 'other', schema: v.object({ s: v.string() }) };

/** The messages that a handler got, and the failures that came out. */
async function consumed(
  records: readonly KafkaRecord[],
  handle: (messages: ReceivedEvent[]) => Promise<void> = () => Promise.resolve(),
) {
  const batches: ReceivedEvent[][] = [];
  const failures = await consume([thing, other], (messages) => {
    batches.push(messages);
    return handle(messages);
  })(records, invocation).then(
    () => [],
    (error: unknown) => {
      if (error instanceof RecordsFailedError) return error.failures;
      throw error;
    },
  );
  return { batches, failures };
}

const raw = (value: Buffer | null) => record('thing', {}, { value });

describe('consuming records by contract', () => {
  it('when values conform to their contracts, passes them on in order, each with its contract and record', async () => {
    const records = [record('thing', { n: 1 }), record('other', { s: 'a' })];
    const { batches, failures } = await consumed(records);
    expect(batches).toEqual([
      [
        { contract: thing, value: { n: 1 }, record: records[0] },
        { contract: other, value: { s: 'a' }, record: records[1] },
      ],
    ]);
    expect(failures).toEqual([]);
  });

  it('when a value has fields that the contract does not know, ignores them', async () => {
    const { batches } = await consumed([record('thing', { n: 1, more: true })]);
    expect(batches[0]?.[0]?.value).toEqual({ n: 1 });
  });

  it.each([
    ['is null', raw(null), 'thing: the value is null; JSON is expected.'],
    ['is empty', raw(Buffer.alloc(0)), 'thing: the value is not JSON.'],
    ['is not JSON', raw(Buffer.from('{"card":"4111 1111')), 'thing: the value is not JSON.'],
    ['breaks its schema', record('thing', { n: 'secret' }), 'thing: field n breaks the schema (number).'],
    [
      'is of another type altogether',
      record('thing', 'secret'),
      'thing: field (value) breaks the schema (object).',
    ],
    ['comes from a topic without a contract', record('unknown', {}), 'This function reads no topic unknown.'],
  ])('when a value %s, it fails for good, and the message does not quote it', async (_, bad, message) => {
    const { failures } = await consumed([bad]);
    expect(failures).toMatchObject([{ record: bad, error: { code: 'OPENORDER_INVALID_RECORD', message } }]);
    expect(failures[0]?.error).not.toHaveProperty('cause');
  });

  it('when one value is bad, the others are handled', async () => {
    const bad = raw(null);
    const { batches, failures } = await consumed([record('thing', { n: 1 }), bad, record('thing', { n: 2 })]);
    expect(batches[0]?.map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(failures.map((failure) => failure.record)).toEqual([bad]);
  });

  it('when all values are bad, the handler is not called', async () => {
    expect((await consumed([raw(null)])).batches).toEqual([]);
  });

  it('when the handler names failures, they join those of the contract', async () => {
    const [bad, refused] = [raw(null), record('thing', { n: 1 })];
    const { failures } = await consumed([bad, refused], ([message]) =>
      Promise.reject(new RecordsFailedError([{ record: message?.record ?? bad, error: new Error('no') }])),
    );
    expect(failures.map((failure) => failure.record)).toEqual([bad, refused]);
  });

  it('when the handler fails without naming the record, so does the batch', async () => {
    await expect(
      consumed([record('thing', { n: 1 })], () => Promise.reject(new TypeError('no'))),
    ).rejects.toThrow(TypeError);
  });
});
