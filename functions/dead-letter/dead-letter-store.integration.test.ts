import { randomUUID } from 'node:crypto';
import { BrokerUnavailableError } from '../../lib/errors.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { record } from '../../test/support/record.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { type Status, toDeadLetter } from './dead-letter.ts';
import type { Action, Operation } from './operation.ts';
import type { Selection } from './operator/selection.ts';
import type { Redrivable, Resent } from './store/redrive-step.ts';

const connect = () => createDeadLetterStore(createDatabase(process.env['DATABASE_URL'] ?? ''));
const store = connect();
const database = createDatabase(process.env['DATABASE_URL'] ?? '');
const all = { afterId: 0, throughId: Number.MAX_SAFE_INTEGER };

afterAll(closeClients);

/** A topic that no other test knows. */
const freshTopic = () => `topic-${randomUUID()}`;

/** Dead letters of a topic, at offsets from 0. */
function lettersOf(topic: string, count: number, value: unknown = {}) {
  return Array.from({ length: count }, (_, offset) =>
    toDeadLetter(record(`${topic}.DLT`, value, { offset, key: Buffer.from(`key-${offset}`) })),
  );
}

async function archived(count: number): Promise<string> {
  const topic = freshTopic();
  await store.archive(lettersOf(topic, count));
  return topic;
}

/** Begins a redrive that sends whatever matches. */
async function begin(from: DeadLetterStore = store, selection: Selection = {}): Promise<string> {
  const operationId = randomUUID();
  const operation = { ...operationOf('REDRIVE'), operationId };
  await from.startRedrive(
    operation,
    { selection, throughId: all.throughId, total: all.throughId, isPlanned: false },
    anything,
  );
  return operationId;
}

const operationOf = (action: Action): Operation => ({
  operationId: randomUUID(),
  action,
  operator: 'test',
  source: 'api',
  request: {},
});

/** Nobody was shown anything. */
const anything = () => undefined;

const mark = (operation: Operation, selection: Selection, status: Status) =>
  store.mark(operation, { selection, status, throughId: all.throughId }, anything);

/** What a redrive hears when Kafka acknowledges everything. */
const acknowledged = (letters: readonly Redrivable[]): Promise<Resent> =>
  Promise.resolve({ acknowledged: letters.map(({ deadLetterId }) => deadLetterId), refused: [] });

/** A redrive of all that is new in a topic; what it sends is added to `sent`. */
async function redriveStep(
  topic: string,
  limit: number,
  sent: Redrivable[] = [],
  from: DeadLetterStore = store,
) {
  const operationId = await begin(from, { topic });
  const step = { operationId, selection: { topic, status: 'NEW' as const }, ...all, limit };
  const { acknowledged: ids } = await from.redrive(step, (letters) => {
    sent.push(...letters);
    return acknowledged(letters);
  });
  return { ids, operationId };
}

/** The ids that a redrive sends, while something else happens between its publish and its commit. */
async function redriveWhile(topic: string, limit: number, meanwhile: () => Promise<void>) {
  const operationId = await begin();
  const step = { operationId, selection: { topic, status: 'NEW' as const }, ...all, limit };
  const result = await store.redrive(step, async (letters) => {
    await meanwhile();
    return acknowledged(letters);
  });
  return result.acknowledged;
}

async function affectedBy(operationId: string): Promise<number | undefined> {
  const [row] = await database.query<{ affected: number }>(
    'SELECT affected FROM dead_letter.operation WHERE operation_id = $1',
    [operationId],
  );
  return row?.affected;
}

describe('the store of dead letters', () => {
  it('when a batch is archived, keeps key, value and headers byte for byte', async () => {
    const topic = freshTopic();
    const bytes = Buffer.from([0, 255, 254, 128, 10]);
    const headers = [
      { name: 'b', value: bytes },
      { name: 'a', value: Buffer.from('1') },
      { name: 'b', value: Buffer.alloc(0) },
      { name: 'with\0nul and "quotes"\\', value: bytes },
    ];
    await store.archive([toDeadLetter(record(`${topic}.DLT`, null, { key: bytes, value: bytes, headers }))]);
    const [listed] = await store.list({ topic }, undefined, 10);
    expect(await store.find(listed?.deadLetterId ?? 0)).toMatchObject({ key: bytes, value: bytes, headers });
  });

  it('when key and value are null, keeps them null', async () => {
    const topic = freshTopic();
    await store.archive([toDeadLetter(record(`${topic}.DLT`, null, { key: null, value: null }))]);
    const [listed] = await store.list({ topic }, undefined, 10);
    expect(await store.find(listed?.deadLetterId ?? 0)).toMatchObject({
      key: null,
      value: null,
      headers: [],
    });
  });

  it('when a batch is delivered again, files nothing twice', async () => {
    const letters = lettersOf(freshTopic(), 3);
    expect(await store.archive(letters)).toBe(3);
    expect(await store.archive(letters)).toBe(0);
  });

  it('when one batch holds a record twice, files it once', async () => {
    const [letter] = lettersOf(freshTopic(), 1);
    expect(letter && (await store.archive([letter, letter]))).toBe(1);
  });

  it('when a redrive is killed between its publish and its commit, the next one sends the same again', async () => {
    const topic = await archived(2);
    const killed = redriveWhile(topic, 10, async () => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND state = 'idle in transaction' AND query LIKE '%dead_letter.dead_letter%SKIP LOCKED%'`,
      );
    });
    await expect(killed).rejects.toMatchObject({ code: 'OPENORDER_DATABASE_UNAVAILABLE' });
    const sent: Redrivable[] = [];
    await redriveStep(topic, 10, sent);
    expect(sent.map(({ key }) => String(key))).toEqual(['key-0', 'key-1']);
  });

  it('when a topic was created anew and counts from 0 again, files its records beside the old ones', async () => {
    const topic = freshTopic();
    await store.archive([toDeadLetter(record(`${topic}.DLT`, 1, { timestamp: 1_000 }))]);
    expect(await store.archive([toDeadLetter(record(`${topic}.DLT`, 2, { timestamp: 2_000 }))])).toBe(1);
  });

  it('when values are large, a redrive takes no more than fits into memory, but at least one', async () => {
    const topic = freshTopic();
    await store.archive(lettersOf(topic, 3, 'x'.repeat(3_000_000)));
    expect((await redriveStep(topic, 3)).ids).toHaveLength(2);
  });
});

describe('searching dead letters', () => {
  const topic = freshTopic();
  const failed = (offset: number, exception: string, cause: string, group: string) =>
    toDeadLetter(
      record(
        `${topic}.DLT`,
        {},
        {
          offset,
          timestamp: 1_000_000 + offset,
          key: Buffer.from(`order-${offset}`),
          headers: Object.entries({
            'kafka_dlt-exception-fqcn': exception,
            'kafka_dlt-exception-cause-fqcn': cause,
            'kafka_dlt-original-consumer-group': group,
          }).map(([name, value]) => ({ name, value: Buffer.from(value) })),
        },
      ),
    );

  beforeAll(async () => {
    await store.archive([
      failed(0, 'Wrapper', 'Timeout', 'billing'),
      failed(1, 'Wrapper', 'Timeout', 'billing'),
      failed(2, 'NotJson', 'Syntax', 'shipping'),
    ]);
  });

  const offsets = async (selection: Selection) =>
    (await store.list({ topic, ...selection }, undefined, 10)).map(({ offset }) => offset);

  it.each<[string, Selection, number[]]>([
    ['the original topic', {}, [2, 1, 0]],
    ['the dead-letter topic', { topic: `${topic}.DLT` }, [2, 1, 0]],
    ['a consumer group', { consumerGroup: 'shipping' }, [2]],
    ['an exception', { exception: 'Wrapper' }, [1, 0]],
    ['the cause of an exception', { exception: 'Syntax' }, [2]],
    ['a key', { key: 'order-1' }, [1]],
    ['a time from which', { from: new Date(1_000_001) }, [2, 1]],
    ['a time before which', { to: new Date(1_000_001) }, [0]],
    ['a status', { status: 'PARKED' }, []],
    ['several conditions', { exception: 'Wrapper', key: 'order-0', status: 'NEW' }, [0]],
  ])('when %s is named, finds those, newest first', async (_, selection, expected) => {
    expect(await offsets(selection)).toEqual(expected);
  });

  it('when a page is full, the next one begins after its last', async () => {
    const [first] = await store.list({ topic }, undefined, 1);
    const [second] = await store.list({ topic }, first?.deadLetterId, 1);
    expect([first?.offset, second?.offset]).toEqual([2, 1]);
  });

  it('when asked for causes, counts those that failed alike, the most frequent first', async () => {
    expect(await store.causes({ topic })).toMatchObject([
      { exceptionClass: 'Wrapper', causeClass: 'Timeout', consumerGroup: 'billing', status: 'NEW', count: 2 },
      { exceptionClass: 'NotJson', causeClass: 'Syntax', consumerGroup: 'shipping', status: 'NEW', count: 1 },
    ]);
  });
});

describe('redriving dead letters', () => {
  it('when some are taken, hands out the oldest with their bytes and marks them', async () => {
    const topic = await archived(3);
    const sent: Redrivable[] = [];
    const { ids, operationId } = await redriveStep(topic, 2, sent);
    expect(sent.map(({ key }) => String(key))).toEqual(['key-0', 'key-1']);
    expect(await store.find(ids[0] ?? 0)).toMatchObject({
      status: 'REDRIVEN',
      changedBy: { operationId, action: 'REDRIVE', operator: 'test' },
    });
    expect(await store.count({ topic, status: 'NEW' })).toBe(1);
  });

  it('when it is done twice, the second finds nothing', async () => {
    const topic = await archived(3);
    await redriveStep(topic, 10);
    expect((await redriveStep(topic, 10)).ids).toEqual([]);
  });

  it('when the publish fails, leaves them as they were', async () => {
    const topic = await archived(2);
    const operationId = await begin();
    const step = { operationId, selection: { topic }, ...all, limit: 10 };
    await expect(store.redrive(step, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await store.count({ topic, status: 'NEW' })).toBe(2);
    expect(await affectedBy(operationId)).toBe(0);
  });

  it('when another redrive is sending some at the moment, passes them over', async () => {
    const topic = await archived(5);
    const other = connect();
    const first = await redriveWhile(topic, 3, async () => {
      expect((await redriveStep(topic, 10, [], other)).ids).toHaveLength(2);
    });
    expect(first).toHaveLength(3);
    expect(await store.count({ topic, status: 'REDRIVEN' })).toBe(5);
  });

  it('when steps follow one another, the operation counts them all', async () => {
    const topic = await archived(3);
    const operationId = await begin();
    const step = { operationId, selection: { topic }, ...all, limit: 2 };
    const { lastId = 0 } = await store.redrive(step, acknowledged);
    await store.redrive({ ...step, afterId: lastId }, acknowledged);
    expect(await affectedBy(operationId)).toBe(3);
  });

  /** One step over three dead letters, of which the first is acknowledged and the second refused. */
  async function mixedStep(outage?: BrokerUnavailableError) {
    const topic = await archived(3);
    const operationId = await begin();
    const step = { operationId, selection: { topic }, ...all, limit: 10 };
    const result = await store.redrive(step, ([first, second]) =>
      Promise.resolve({
        acknowledged: [first?.deadLetterId ?? 0],
        refused: [{ id: second?.deadLetterId ?? 0, topic, reason: 'too large' }],
        ...(outage && { outage }),
      }),
    );
    const letters = (await store.list({ topic }, undefined, 10)).toReversed();
    const statuses = letters.map(({ status }) => status);
    return { result, statuses, refusedId: letters[1]?.deadLetterId ?? 0, operationId };
  }

  it('when some are refused, parks those and keeps the reason; what was not asked stays as it was', async () => {
    const { statuses, refusedId, operationId } = await mixedStep();
    expect(statuses).toEqual(['REDRIVEN', 'PARKED', 'NEW']);
    expect(await store.find(refusedId)).toMatchObject({ refusal: 'too large', changedBy: { operationId } });
    expect(await affectedBy(operationId)).toBe(2);
  });

  it('when Kafka stops answering, marks what it acknowledged and parks nothing', async () => {
    const { statuses, result } = await mixedStep(new BrokerUnavailableError('gone'));
    expect(statuses).toEqual(['REDRIVEN', 'NEW', 'NEW']);
    expect(result.outage).toMatchObject({ message: 'gone' });
  });
});

describe('undoing an operation', () => {
  const statusesOf = async (topic: string) =>
    (await store.list({ topic }, undefined, 10)).map(({ status }) => status).toReversed();

  it('when dead letters were marked, each gets back what it was, once', async () => {
    const topic = await archived(2);
    const [first = 0] = (await store.list({ topic }, undefined, 10)).map(({ deadLetterId }) => deadLetterId);
    await mark(operationOf('PARK'), { ids: [first], status: 'NEW' }, 'PARKED');
    const discard = operationOf('DISCARD');
    await mark(discard, { topic }, 'DISCARDED');
    expect(await store.undo(operationOf('UNDO'), discard.operationId)).toBe(2);
    expect(await statusesOf(topic)).toEqual(['NEW', 'PARKED']);
    expect(await store.undo(operationOf('UNDO'), discard.operationId)).toBe(0);
  });

  it('when another operation came in between, what it changed stays', async () => {
    const topic = await archived(2);
    const park = operationOf('PARK');
    await mark(park, { topic, status: 'NEW' }, 'PARKED');
    const [newest = 0] = (await store.list({ topic }, undefined, 10)).map(({ deadLetterId }) => deadLetterId);
    await mark(operationOf('DISCARD'), { ids: [newest], status: 'PARKED' }, 'DISCARDED');
    expect(await store.undo(operationOf('UNDO'), park.operationId)).toBe(1);
    expect(await statusesOf(topic)).toEqual(['NEW', 'DISCARDED']);
  });

  it('when the action of an operation is asked for, knows it, and that of none otherwise', async () => {
    const park = operationOf('PARK');
    await mark(park, { topic: await archived(1) }, 'PARKED');
    expect(await store.findAction(park.operationId)).toBe('PARK');
    expect(await store.findAction(randomUUID())).toBeUndefined();
  });
});

describe('marking dead letters', () => {
  it('when parked, no redrive of new ones takes them, and the operation says who and how many', async () => {
    const topic = await archived(2);
    const operation = {
      operationId: randomUUID(),
      action: 'PARK' as const,
      operator: 'ada',
      source: 'cli' as const,
      request: { topic },
    };
    expect(await mark(operation, { topic, status: 'NEW' }, 'PARKED')).toBe(2);
    expect((await redriveStep(topic, 10)).ids).toEqual([]);
    expect(
      await database.query(
        'SELECT operation_id AS "operationId", action, operator, source, request, affected FROM dead_letter.operation WHERE operation_id = $1',
        [operation.operationId],
      ),
    ).toMatchObject([{ ...operation, affected: 2 }]);
  });
});
