import { randomUUID } from 'node:crypto';
import { BrokerUnavailableError } from '../../lib/errors.ts';
import { environment } from '../../test/support/environment.ts';
import { awayPublisher, fakePublisher, refusingPublisher } from '../../test/support/fake-publisher.ts';
import { sample } from '../../test/support/sample.ts';
import type { Operation, OperationState } from './operation.ts';
import type { Redrivable, Resent, Step } from './store/redrive-step.ts';
import type { RedrivePlan } from './store/redrive.ts';
import type { Accept } from './store/snapshot.ts';

environment();
const { redriveDeadLetters } = await import('./redrive-dead-letters.ts');

const letter = (deadLetterId: number): Redrivable => ({
  deadLetterId,
  topic: 'order.created.DLT',
  originalTopic: 'order.created',
  key: Buffer.from(String(deadLetterId)),
  value: null,
  headers: [],
});

type FakePublisher = ReturnType<typeof fakePublisher>;

/** Holds new dead letters with the ids 1 to `size`, and remembers what it was asked. */
function fakeStore(size: number) {
  let fresh = Array.from({ length: size }, (_, index) => letter(index + 1));
  const operations: (Operation & RedrivePlan)[] = [];
  const steps: Step[] = [];
  const reserved: number[] = [];
  let state: OperationState = 'RUNNING';
  let room = Infinity;
  const within = ({ afterId, throughId }: Pick<Step, 'afterId' | 'throughId'>) =>
    fresh.filter(({ deadLetterId }) => deadLetterId > afterId && deadLetterId <= throughId);
  return {
    operations,
    steps,
    /** In seconds. */
    reserved,
    /** How many letters a step has room for, however many it may take. */
    limitRoom: (letters: number) => {
      room = letters;
    },
    failAgain: () => fresh.push(letter((fresh.at(-1)?.deadLetterId ?? size) + 1)),
    change: (wanted: OperationState) => {
      state = wanted;
    },
    newestId: () => Promise.resolve(size),
    snapshot: () => Promise.resolve(snapshotOf(fresh)),
    countPlanned: () => Promise.resolve(within({ afterId: 0, throughId: size }).length),
    finishRedrive: () => {
      state = 'DONE';
      return Promise.resolve();
    },
    reservePace: (_: string, count: number, ratePerSecond: number) => {
      const startsInMs = 1_000 * reserved.reduce((sum, seconds) => sum + seconds, 0);
      reserved.push(count / ratePerSecond);
      return Promise.resolve(startsInMs);
    },
    state: () => state,
    changeState: (_: string, wanted: OperationState) => {
      state = wanted;
      return Promise.resolve(true);
    },
    causes: () => Promise.resolve([]),
    count: (_: unknown, range = { afterId: 0, throughId: size }) => Promise.resolve(within(range).length),
    findRedrive: (operationId: string) =>
      Promise.resolve(operations.find((operation) => operation.operationId === operationId)),
    startRedrive: (operation: Operation, plan: RedrivePlan, accept: Accept) => {
      accept(snapshotOf(within({ afterId: 0, throughId: plan.throughId })));
      operations.push({ ...operation, ...plan });
      return Promise.resolve();
    },
    redrive: async (step: Step, resend: (letters: readonly Redrivable[]) => Promise<Resent>) => {
      steps.push(step);
      if (state !== 'RUNNING') return { acknowledged: [], refused: [], lastId: undefined, state };
      const taken = within(step).slice(0, Math.min(step.limit, room));
      const resent = await resend(taken);
      const changed = [...resent.acknowledged, ...resent.refused.map(({ id }) => id)];
      fresh = fresh.filter(({ deadLetterId }) => !changed.includes(deadLetterId));
      return { ...resent, lastId: taken.at(-1)?.deadLetterId, state };
    },
  };
}

const snapshotOf = (letters: readonly Redrivable[]) => ({
  matching: letters.length,
  throughId: letters.at(-1)?.deadLetterId ?? 0,
  oldestId: letters[0]?.deadLetterId ?? 0,
  fingerprint: letters.map(({ deadLetterId }) => deadLetterId).join(),
});

/** Functions that read the topics of these tests. */
const triggers = [
  { function: 'reserveInventory', topic: 'order.created', consumerGroup: 'reserving' },
  { function: 'audit', topic: 'order.created', consumerGroup: 'auditing' },
  { function: 'releaseInventory', topic: 'order.cancelled', consumerGroup: 'releasing' },
];

function redriving(size: number, publisher: Partial<FakePublisher> = {}) {
  const used = { ...fakePublisher(), ...publisher };
  const store = fakeStore(size);
  const pauses: number[] = [];
  const pause = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return {
    store,
    publisher: used,
    pauses,
    redrive: redriveDeadLetters({ store, publisher: used, triggers, pause }),
  };
}

const plenty = { remainingMs: () => 900_000 };
/** An invocation whose time is short after so many looks at the clock. */
const shortAfter = (looks: number) => ({ remainingMs: () => (looks-- > 1 ? 900_000 : 1_000) });

describe('redriving dead letters', () => {
  it('when a topic is named, sends all that is new in it, and remembers who asked for what', async () => {
    const { redrive, store, publisher } = redriving(3);
    expect(await redrive(sample('redriveDeadLetters', 'by-topic'), plenty)).toMatchObject({
      redriven: 3,
      remaining: 0,
    });
    expect(publisher.published.map(({ key }) => String(key))).toEqual(['1', '2', '3']);
    expect(store.steps[0]?.selection).toEqual({ topic: 'order.created', status: 'NEW' });
    expect(store.operations).toMatchObject([
      { action: 'REDRIVE', operator: 'ada', request: { topic: 'order.created', status: 'NEW' } },
    ]);
  });

  it('when nobody says who asks, or for what, takes all that is new', async () => {
    const { redrive, store } = redriving(2);
    expect(await redrive(undefined, plenty)).toMatchObject({ redriven: 2 });
    expect(store.operations[0]?.operator).toBe('unknown');
  });

  it('when it is a dry run, sends nothing and leaves no trace', async () => {
    const { redrive, store, publisher } = redriving(3);
    expect(await redrive(sample('redriveDeadLetters', 'dry-run'), plenty)).toEqual({
      dryRun: true,
      matching: 3,
      throughId: 3,
      oldestId: 1,
      causes: [],
      readers: [],
      preview: expect.any(String) as string,
    });
    expect([publisher.published, store.operations, store.steps]).toEqual([[], [], []]);
  });

  const previewed = async (redrive: ReturnType<typeof redriving>['redrive'], request: object = {}) => {
    const answer = await redrive({ ...request, dryRun: true }, plenty);
    return 'preview' in answer ? answer : undefined;
  };

  it('when a topic is named for a dry run, every trigger that would read it is listed', async () => {
    const { redrive } = redriving(3);
    expect((await previewed(redrive, { target: 'order.created' }))?.readers).toEqual(triggers.slice(0, 2));
  });

  it('when it carries a preview, sends what was shown, and leaves what came later', async () => {
    const { redrive, store } = redriving(3);
    const preview = (await previewed(redrive))?.preview;
    store.failAgain();
    expect(await redrive({ preview }, plenty)).toMatchObject({ redriven: 3, remaining: 0, state: 'DONE' });
    expect(store.operations).toMatchObject([{ isPlanned: true, throughId: 3 }]);
    expect(store.state()).toBe('DONE');
  });

  it('when times are named, they are conditions, alone and with the preview made of them', async () => {
    const { redrive, store } = redriving(3);
    const times = { from: '2026-11-22T10:00:00Z', to: '2026-11-23' };
    const preview = (await previewed(redrive, times))?.preview;
    await redrive({ ...times, limit: 1 }, plenty);
    await redrive({ preview: (await previewed(redrive, times))?.preview, limit: 1 }, plenty);
    expect(preview).toBeDefined();
    const conditions = { from: new Date(times.from), to: new Date(times.to), status: 'NEW' };
    expect(store.steps.map(({ selection }) => selection)).toEqual([conditions, conditions]);
  });

  it.each([
    ['of discarded ones', { selection: { ids: [1], status: 'DISCARDED' } }],
    ['of every status', { selection: {} }],
    ['of more than a table holds', { snapshot: { throughId: 1e300 } }],
  ])('when it carries a preview %s, which no dry run gave, refuses', async (_, change) => {
    const { redrive, store } = redriving(3);
    const given = JSON.parse(
      Buffer.from((await previewed(redrive))?.preview ?? '', 'base64url').toString('utf8'),
    ) as { snapshot: object };
    const snapshot = { ...given.snapshot, ...('snapshot' in change && change.snapshot) };
    const preview = Buffer.from(JSON.stringify({ ...given, ...change, snapshot })).toString('base64url');
    await expect(redrive({ preview }, plenty)).rejects.toThrow('preview: Expected the preview');
    expect(store.operations).toEqual([]);
  });

  it.each([
    ['through a later dead letter', (id: string) => `${id}_1_999999999999999`],
    ['after the last one', (id: string) => `${id}_4_3`],
  ])('when a cursor goes on %s, which no redrive gave, refuses', async (_, forged) => {
    const { redrive, store } = redriving(3);
    await redrive({ limit: 1 }, plenty);
    const cursor = forged(store.operations[0]?.operationId ?? '');
    await expect(redrive({ cursor }, plenty)).rejects.toThrow('cursor: Expected a cursor');
    expect(store.steps).toHaveLength(1);
  });

  it('when Kafka has no such target, says so of that field, and the operation is over', async () => {
    const { redrive, store } = redriving(
      2,
      refusingPublisher(() => true, 'UNKNOWN_TOPIC_OR_PARTITION'),
    );
    await expect(redrive({ target: 'no-such' }, plenty)).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      fields: [{ path: ['target'] }],
    });
    expect(store.state()).toBe('STOPPED');
  });

  it('when some of what was shown is gone, sends nothing and shows the new preview', async () => {
    const { redrive, publisher } = redriving(3);
    const preview = (await previewed(redrive))?.preview;
    await redrive({ limit: 1 }, plenty);
    await expect(redrive({ preview }, plenty)).rejects.toMatchObject({
      code: 'OPENORDER_PREVIEW_OUTDATED',
      preview: { matching: 2 },
    });
    expect(publisher.published).toHaveLength(1);
  });

  it('when it is paused, sends nothing more until it is resumed', async () => {
    const { redrive, store, publisher } = redriving(5);
    const { preview } = (await previewed(redrive)) ?? {};
    const first = await redrive({ preview, limit: 2 }, plenty);
    const cursor = 'nextCursor' in first ? first.nextCursor : undefined;
    store.change('PAUSED');
    expect(await redrive({ cursor }, plenty)).toMatchObject({
      redriven: 0,
      remaining: 3,
      state: 'PAUSED',
      nextCursor: expect.any(String) as string,
    });
    store.change('RUNNING');
    expect(await redrive({ cursor }, plenty)).toMatchObject({ redriven: 3, remaining: 0 });
    expect(publisher.published).toHaveLength(5);
  });

  it('when it goes on, does what was asked for when it began, whatever else the request says', async () => {
    const { redrive, store } = redriving(2);
    const first = await redrive({ exception: 'A', target: 'order.created', limit: 1 }, plenty);
    const cursor = 'nextCursor' in first ? first.nextCursor : undefined;
    await redrive({ cursor }, plenty);
    expect(store.steps.map(({ selection }) => selection)).toEqual([
      { exception: 'A', status: 'NEW' },
      { exception: 'A', status: 'NEW' },
    ]);
  });

  it('when there are many, sends them in steps of 500', async () => {
    const { redrive, store } = redriving(1_200);
    expect(await redrive({}, plenty)).toMatchObject({ redriven: 1_200, remaining: 0 });
    expect(store.steps.map(({ afterId, limit }) => [afterId, limit])).toEqual([
      [0, 500],
      [500, 500],
      [1_000, 500],
    ]);
  });

  it('when a limit is given, sends no more, and the cursor goes on within the same operation', async () => {
    const { redrive, store } = redriving(5);
    const first = await redrive({ limit: 3 }, plenty);
    expect(first).toMatchObject({ redriven: 3, remaining: 2 });
    const cursor = 'nextCursor' in first ? first.nextCursor : undefined;
    expect(await redrive({ limit: 3, cursor }, plenty)).toMatchObject({ redriven: 2, remaining: 0 });
    expect(store.operations).toHaveLength(1);
    expect(new Set(store.steps.map(({ operationId }) => operationId)).size).toBe(1);
  });

  it('when there is nothing more, gives no cursor', async () => {
    expect(await redriving(1).redrive({}, plenty)).not.toHaveProperty('nextCursor');
  });

  it('when the time is nearly over, stops after the step and says what remains', async () => {
    const { redrive } = redriving(1_200);
    expect(await redrive({}, shortAfter(2))).toMatchObject({ redriven: 1_000, remaining: 200 });
    expect(await redrive({}, shortAfter(0))).toMatchObject({ redriven: 200, remaining: 0 });
  });

  it('when a record fails again meanwhile, leaves it to the next redrive', async () => {
    const { store, redrive, publisher } = redriving(2);
    publisher.publishEach = (records) => {
      publisher.published.push(...records);
      store.failAgain();
      return Promise.resolve({ acknowledged: records, refused: [] });
    };
    expect(await redrive({}, plenty)).toMatchObject({ redriven: 2, remaining: 0 });
    expect(publisher.published).toHaveLength(2);
  });

  it('when a rate is given, reserves the time of each step, waits for its turn, and gives back what it did not need', async () => {
    const { redrive, store, pauses } = redriving(250);
    await redrive({ ratePerSecond: 100 }, plenty);
    expect(store.steps.map(({ limit }) => limit)).toEqual([100, 100, 100]);
    expect(store.reserved).toEqual([1, 1, 1, -0.5]);
    expect(pauses).toEqual([0, 1_000, 2_000]);
  });

  it('when letters are so large that a step has room for few, they are sent at the rate all the same', async () => {
    const { redrive, store, pauses } = redriving(6);
    store.limitRoom(2);
    await redrive({ ratePerSecond: 100 }, plenty);
    expect(pauses.map(Math.round)).toEqual([0, 20, 40]);
  });

  it('when no rate is given, waits for nothing', async () => {
    const { redrive, store, pauses } = redriving(250);
    await redrive({}, plenty);
    expect([store.reserved, pauses]).toEqual([[], []]);
  });

  it('when a target is given, sends there instead', async () => {
    const { redrive, publisher } = redriving(1);
    await redrive({ target: 'order.created.debug' }, plenty);
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['order.created.debug']);
  });

  it('when Kafka refuses some, parks those with its reason and sends the rest', async () => {
    const { redrive, store } = redriving(
      3,
      refusingPublisher(({ key }) => String(key) === '2'),
    );
    expect(await redrive({}, plenty)).toMatchObject({
      redriven: 2,
      remaining: 0,
      refused: [
        { id: 2, topic: 'order.created', reason: expect.stringMatching(/MESSAGE_TOO_LARGE/) as string },
      ],
    });
    expect(await store.count({})).toBe(0);
  });

  it('when Kafka refuses very many, ends so that the answer stays small, and the cursor goes on', async () => {
    const { redrive } = redriving(
      2_000,
      refusingPublisher(() => true),
    );
    const first = await redrive({}, plenty);
    expect(first).toMatchObject({ redriven: 0, remaining: 1_000 });
    const cursor = 'nextCursor' in first ? first.nextCursor : undefined;
    expect(await redrive({ cursor }, plenty)).toMatchObject({ redriven: 0, remaining: 0 });
  });

  it('when Kafka is unreachable, says so, keeps the cause and leaves the dead letters as they were', async () => {
    const { redrive, store } = redriving(2, awayPublisher);
    await expect(redrive({}, plenty)).rejects.toMatchObject({
      code: 'OPENORDER_REDRIVE_FAILED',
      message: expect.stringContaining('after 0 dead letters') as string,
      cause: { code: 'OPENORDER_BROKER_UNAVAILABLE' },
    });
    expect(await store.count({})).toBe(2);
  });

  it('when Kafka becomes unreachable half-way, what it acknowledged is not sent again', async () => {
    const { redrive, store } = redriving(2, {
      publishEach: ([first]) =>
        Promise.resolve({
          acknowledged: first ? [first] : [],
          refused: [],
          outage: new BrokerUnavailableError('unreachable'),
        }),
    });
    await expect(redrive({}, plenty)).rejects.toThrow('after 1 dead letters');
    expect(await store.count({})).toBe(1);
  });

  it.each([
    [
      'discarded ones',
      sample('redriveDeadLetters', 'invalid'),
      /status.*ratePerSecond|ratePerSecond.*status/,
    ],
    ['a field that it does not know', { topik: 'order.created' }, /topik/],
    ['a topic that cannot be', { target: 'no such/topic' }, /target: Expected the name of a topic/],
    ['ids that no dead letter can have', { ids: [1e300] }, /ids\.0: must be at most/],
    ['a topic with a NUL', { topic: 'a\0b' }, /topic: must be text without NUL/],
    ['an operator with a NUL', { operator: 'a\0b' }, /operator: must be text without NUL/],
    ['a time that no calendar has', { from: '+275760-09-13' }, /from: Expected a time/],
    [
      'a cursor of an operation that never was',
      { cursor: `${randomUUID()}_0_9` },
      /cursor: Expected a cursor/,
    ],
    ['a cursor of dashes', { cursor: `${'-'.repeat(36)}_0_9` }, /cursor: Expected a cursor/],
    ['a thousand wrong ids', { ids: Array<number>(1_000).fill(-1) }, /^.{1,1000}$/],
    ['a cursor of its own making', { cursor: 'x' }, /cursor: Expected a cursor that this function gave/],
    ['something that is no object', 'order.created', /the request/],
  ])('when asked for %s, says which field is wrong', async (_, request, message) => {
    await expect(redriving(1).redrive(request, plenty)).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      message: expect.stringMatching(message) as string,
    });
  });
});
