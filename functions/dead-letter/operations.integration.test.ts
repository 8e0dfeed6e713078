import { randomUUID } from 'node:crypto';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { environment } from '../../test/support/environment.ts';
import { fakePublisher } from '../../test/support/fake-publisher.ts';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import { record } from '../../test/support/record.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { toDeadLetter } from './dead-letter.ts';

environment();
const { changeOperation } = await import('./change-operation.ts');
const { getDeadLetter } = await import('./get-dead-letter.ts');
const { getOperation } = await import('./get-operation.ts');
const { listOperations } = await import('./list-operations.ts');
const { parkDeadLetters } = await import('./park-dead-letters.ts');
const { redriveDeadLetters } = await import('./redrive-dead-letters.ts');
const { undoOperation } = await import('./undo-operation.ts');

let url: string;
let store: DeadLetterStore;
const connect = () => createDeadLetterStore(createDatabase(url));

beforeAll(async () => {
  url = await freshDatabase();
  store = connect();
});
afterAll(closeClients);

const freshTopic = () => `topic-${randomUUID()}`;
const archive = (topic: string, count: number, from = 0) =>
  store.archive(
    Array.from({ length: count }, (_, index) =>
      toDeadLetter(
        record(`${topic}.DLT`, {}, { offset: from + index, key: Buffer.from(`key-${from + index}`) }),
      ),
    ),
  );

async function archived(count: number): Promise<string> {
  const topic = freshTopic();
  await archive(topic, count);
  return topic;
}

const plenty = { remainingMs: () => 900_000 };
const oneStep = { remainingMs: () => 0 };

/** An operator with a connection of their own, whose redrives are watched. */
function operator(name: string) {
  const own = connect();
  const publisher = fakePublisher();
  const redrive = redriveDeadLetters({ store: own, publisher, triggers: [], pause: () => Promise.resolve() });
  const act = async (request: object, invocation = plenty) => {
    const answer = await redrive({ operator: name, ...request }, invocation);
    if ('dryRun' in answer) throw new Error('That was a dry run.');
    return answer;
  };
  const preview = async (request: object) => {
    const answer = await redrive({ ...request, dryRun: true }, plenty);
    if (!('dryRun' in answer)) throw new Error('That was no dry run.');
    return answer.preview;
  };
  return { publisher, act, preview, sentKeys: () => publisher.published.map(({ key }) => String(key)) };
}

describe('a redrive that is bound to a preview', () => {
  it('when letters arrive after the preview, sends what was shown and leaves those', async () => {
    const topic = await archived(3);
    const { act, preview, sentKeys } = operator('ada');
    const shown = await preview({ topic });
    await archive(topic, 2, 3);
    expect(await act({ topic, preview: shown })).toMatchObject({ redriven: 3, remaining: 0, state: 'DONE' });
    expect(sentKeys()).toEqual(['key-0', 'key-1', 'key-2']);
    expect(await store.count({ topic, status: 'NEW' })).toBe(2);
  });

  it('when another operator has parked one of them, nothing is sent and no operation is left behind', async () => {
    const topic = await archived(3);
    const { act, preview, publisher } = operator('bea');
    const shown = await preview({ topic });
    await parkDeadLetters({ store })({ topic, dryRun: false, operator: 'carl' });
    await expect(act({ topic, preview: shown })).rejects.toMatchObject({
      code: 'OPENORDER_PREVIEW_OUTDATED',
      message: expect.stringContaining('showed 3 dead letters; now 0') as string,
      preview: { matching: 0 },
    });
    expect(publisher.published).toEqual([]);
    expect((await listOperations({ store })({ operator: 'bea' })).operations).toEqual([]);
  });

  it('when two operators act on the same preview at once, each letter is sent once', async () => {
    const topic = await archived(1_200);
    const [ada, bea] = [operator('ada'), operator('bea')];
    const shown = await ada.preview({ topic });
    const runs = [ada, bea].map(async ({ act }) => {
      let answer = await act({ topic, preview: shown }, oneStep);
      while (answer.nextCursor !== undefined) answer = await act({ cursor: answer.nextCursor }, oneStep);
    });
    // Who begins second may find that the set has changed already.
    await Promise.allSettled(runs);
    const sent = [...ada.sentKeys(), ...bea.sentKeys()];
    expect(sent).toHaveLength(1_200);
    expect(new Set(sent).size).toBe(1_200);
  });

  it('when two send for one operation, they keep to its rate together', async () => {
    const topic = await archived(5);
    const { act } = operator('ada');
    const { operationId } = await act({ topic, ratePerSecond: 1, limit: 1 }, oneStep);
    const turns = [connect(), connect()].flatMap((own) =>
      [1, 2].map(() => own.reservePace(operationId, 50, 25)),
    );
    const starts = (await Promise.all(turns)).toSorted((a, b) => a - b);
    for (const [turn, start] of starts.entries()) {
      const behindTheFirstSecond = 1_000 + turn * 2_000;
      expect(start).toBeLessThanOrEqual(behindTheFirstSecond);
      expect(start).toBeGreaterThan(behindTheFirstSecond - 1_000);
    }
  });

  it('when two operators resend what was redriven before, each letter is sent once more', async () => {
    const topic = await archived(20);
    const [ada, bea] = [operator('ada'), operator('bea')];
    await ada.act({ topic });
    const again = { topic, status: 'REDRIVEN' };
    const shown = await ada.preview(again);
    const begun = await ada.act({ ...again, preview: shown, limit: 5 }, oneStep);
    const second = await bea.preview(again);
    await bea.act({ ...again, preview: second });
    await ada.act({ cursor: begun.nextCursor });
    expect(new Set(bea.sentKeys()).size).toBe(20);
    expect(ada.sentKeys()).toHaveLength(20 + 5);
  });

  it('when a total is named, takes the oldest and no more', async () => {
    const topic = await archived(5);
    const { act, preview, sentKeys } = operator('ada');
    const answer = await act({ topic, preview: await preview({ topic }), total: 2 });
    expect(answer).toMatchObject({ redriven: 2, remaining: 0, state: 'DONE' });
    expect(sentKeys()).toEqual(['key-0', 'key-1']);
  });
});

describe('an operation that is under way', () => {
  async function begun() {
    const topic = await archived(10);
    const { act, preview } = operator('ada');
    const { operationId } = await act({ topic, preview: await preview({ topic }), limit: 4 }, oneStep);
    return { topic, operationId, act };
  }

  it('when it is found again, says how far it is, and anybody may go on', async () => {
    const { operationId } = await begun();
    const found = await getOperation({ store })({ id: operationId });
    expect(found).toMatchObject({ state: 'RUNNING', total: 10, affected: 4, operator: 'ada' });
    const bea = operator('bea');
    expect(await bea.act({ cursor: found?.nextCursor })).toMatchObject({ redriven: 6, state: 'DONE' });
    const ended = await getOperation({ store })({ id: operationId });
    expect(ended).toMatchObject({ state: 'DONE', affected: 10 });
    expect(ended).not.toHaveProperty('nextCursor');
  });

  it('when it is paused, nothing is sent until it is resumed', async () => {
    const { operationId, act } = await begun();
    await changeOperation({ store })({ id: operationId, state: 'PAUSED' });
    const cursor = (await getOperation({ store })({ id: operationId }))?.nextCursor;
    expect(await act({ cursor })).toMatchObject({ redriven: 0, remaining: 6, state: 'PAUSED' });
    await changeOperation({ store })({ id: operationId, state: 'RUNNING' });
    expect(await act({ cursor })).toMatchObject({ redriven: 6, state: 'DONE' });
  });

  it('when it is stopped, the rest stays as it was, and it can be neither resumed nor paused', async () => {
    const { operationId, topic, act } = await begun();
    const cursor = (await getOperation({ store })({ id: operationId }))?.nextCursor;
    await changeOperation({ store })({ id: operationId, state: 'STOPPED' });
    expect(await act({ cursor })).toMatchObject({ redriven: 0, state: 'STOPPED' });
    expect(await store.count({ topic, status: 'NEW' })).toBe(6);
    await expect(changeOperation({ store })({ id: operationId, state: 'RUNNING' })).rejects.toMatchObject({
      code: 'OPENORDER_OPERATION_OVER',
    });
  });

  it('when there is no such operation, gives null', async () => {
    expect(await changeOperation({ store })({ id: randomUUID(), state: 'PAUSED' })).toBeNull();
    expect(await getOperation({ store })({ id: randomUUID() })).toBeNull();
  });
});

describe('the audit trail', () => {
  it('when operations are listed, newest first, says who, what, how many and by what means', async () => {
    const topic = await archived(3);
    const asked = { topic, operator: 'dora', source: 'cli' };
    const { operationId: id } = await parkDeadLetters({ store })(asked);
    await undoOperation({ store })({ id, operator: 'dora', source: 'console' });
    const { operations } = await listOperations({ store })({ operator: 'dora' });
    expect(operations).toMatchObject([
      { action: 'UNDO', source: 'console', affected: 3, request: { id } },
      { action: 'PARK', source: 'cli', affected: 3, total: 3, request: { topic, status: 'NEW' } },
    ]);
    expect(operations[1]?.undoneBy).toBe(operations[0]?.operationId);
  });

  it('when a page is full, its cursor leads to the next', async () => {
    const topic = await archived(2);
    await parkDeadLetters({ store })({ topic, operator: 'emil' });
    await parkDeadLetters({ store })({ topic, status: 'DISCARDED', operator: 'emil' });
    const list = listOperations({ store });
    const first = await list({ operator: 'emil', limit: 1 });
    const second = await list({ operator: 'emil', limit: 1, cursor: first.nextCursor });
    expect(first.operations).toMatchObject([{ affected: 0 }]);
    expect(second.operations).toMatchObject([{ affected: 2 }]);
    expect(second).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['what was done', { action: 'PARK' }],
    ['by what means', { source: 'cli' }],
    ['how it stands', { state: 'DONE' }],
  ])('when filtered by %s, lists only those', async (_, filter) => {
    const { operations } = await listOperations({ store })({ ...filter, limit: 500 });
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) expect(operation).toMatchObject(filter);
  });
});

describe('the history of a dead letter', () => {
  it('when it was parked, taken back and redriven, tells each in its order', async () => {
    const topic = await archived(1);
    const [letter] = await store.list({ topic }, undefined, 1);
    const id = letter?.deadLetterId ?? 0;
    const { operationId } = await parkDeadLetters({ store })({ ids: [id], operator: 'fay' });
    await undoOperation({ store })({ id: operationId });
    await operator('gus').act({ ids: [id] });
    const shown = await getDeadLetter({ store })({ id });
    expect(shown?.history.map(({ what, operator: who }) => [what, who])).toEqual([
      ['FAILED', null],
      ['PARKED', 'fay'],
      ['RESTORED', 'unknown'],
      ['REDRIVEN', 'gus'],
    ]);
  });
});
