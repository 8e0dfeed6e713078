import type { PartitionRange } from '../../lib/kafka/topic-reader.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { toCursor } from '../../lib/page.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';

environment();
const { listRecords } = await import('./list-records.ts');

const ranges: PartitionRange[] = [{ partition: 0, start: 0, end: 20 }];

/** Lists records that all have the given `change`, and records the times that the reader was asked for. */
function listing(change: Partial<KafkaRecord> = {}) {
  const times: number[] = [];
  const reader = {
    ranges: () => Promise.resolve(new Map([['order.created', ranges]])),
    offsetsAt: (_: readonly string[], timestamp: number) => {
      times.push(timestamp);
      return Promise.resolve(new Map([['order.created', new Map([[0, 0]])]]));
    },
    partitionOf: () => Promise.resolve(0),
    read: ({ from, to }: { readonly from: number; readonly to: number }) => {
      const record = { topic: 'order.created', partition: 0, timestamp: 0, timestampType: 'CREATE_TIME' };
      const records = Array.from({ length: to - from }, (_, index) => ({
        ...record,
        offset: from + index,
        key: null,
        value: null,
        headers: [],
        ...change,
      }));
      return Promise.resolve({ records, next: to });
    },
  };
  const list = async (query: Record<string, string>) => {
    const { body } = await listRecords({ reader })(
      emptyRequest({ pathParameters: { topic: 'order.created' }, queryStringParameters: query }),
    );
    return body as { readonly records: readonly object[]; readonly nextCursor?: string };
  };
  return { list, times };
}

describe('GET /api/topics/{topic}/records', () => {
  it.each(['1969-12-31T23:59:59.999Z', '1960-01-01'])(
    'when the time is %s, which has a special meaning for Kafka, begins at 1970',
    async (from) => {
      const { list, times } = listing();
      await list({ from });
      expect(times).toEqual([0]);
    },
  );

  it.each([
    ['from', '1'],
    ['from', 'order 1'],
    ['from', '2026-02-30'],
    ['cursor', ''],
    ['cursor', `!!${toCursor('0:1')}`],
    ['cursor', `${toCursor('0:1')}=`],
    ['cursor', toCursor('0:-1')],
    ['cursor', toCursor('x')],
  ])('when %s is "%s", answers 422 and names it', async (pointer, given) => {
    await expect(listing().list({ [pointer]: given })).rejects.toMatchObject({
      status: 422,
      errors: [{ pointer }],
    });
  });

  it('when a cursor was issued, continues there', async () => {
    const { list } = listing();
    const { nextCursor = '' } = await list({ limit: '15' });
    expect((await list({ cursor: nextCursor })).records).toHaveLength(5);
  });

  it.each([
    ['headers', { headers: [{ name: 'large', value: Buffer.alloc(900_000, 'x') }] }, {}],
    ['keys', { key: Buffer.alloc(900_000, 'x') }, {}],
    ['values of control characters', { value: Buffer.alloc(64 * 1024, 1) }, {}],
    ['whole values', { value: Buffer.alloc(900_000, 'x') }, { value: 'whole' }],
    [
      'whole values of a key',
      { key: Buffer.from('k'), value: Buffer.alloc(900_000, 'x') },
      { key: 'k', value: 'whole' },
    ],
  ])('when records have large %s, the answer stays within what Lambda sends', async (_, change, query) => {
    const { list } = listing(change);
    let seen = 0;
    let cursor: string | undefined;
    do {
      const answer = await list({ ...query, ...(cursor && { cursor }) });
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(5 * 1024 * 1024);
      seen += answer.records.length;
      cursor = answer.nextCursor;
    } while (cursor);
    expect(seen).toBe(20);
  });
});
