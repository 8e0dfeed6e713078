import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { logLevel, Partitioners } from 'kafkajs';
import type { ListAnswer, MarkAnswer, RedriveAnswer, ShowAnswer } from '../bin/dead-letters/answers.ts';
import { createKafka, withAdmin } from '../lib/kafka/kafkajs/index.ts';
import { ownStack, type Service, startService } from './support/service.ts';
import { waitFor } from './support/wait.ts';

const good = 500;
const faulty = 50;
const poison = 5;

const commandLine = 'bin/dead-letters/index.ts';
let environment: Record<string, string>;
let service: Service;
let brokers: string[];

/** The output of `npm run dead-letters`, as a program reads it. */
async function deadLetters<Answer>(...args: string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [commandLine, ...args, '--json'], {
    env: { ...process.env, OPENORDER_DATA_DIR: service.dataDirectory },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Answer;
}

const list = (...args: string[]) => deadLetters<ListAnswer>('list', ...args);
const redrive = (...args: string[]) => deadLetters<RedriveAnswer>('redrive', '--yes', ...args);

async function start(parameters: Record<string, string> = {}, dataDirectory?: string): Promise<void> {
  service = await startService({ environment, parameters, ...(dataDirectory && { dataDirectory }) });
  ({ brokers } = await service.ready());
}

async function api<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(service.httpUrl + path, {
    headers: { 'content-type': 'application/json' },
    ...init,
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Has a contact in the demo data. */
const goodUser = 42;
const faultyUser = 2;

/** Places `count` orders of one unit for a user, a few at a time. */
async function order(count: number, userId: number, sku: string): Promise<void> {
  const body = JSON.stringify({ userId, items: [{ sku, qty: 1 }] });
  for (let left = count; left > 0; left -= 20) {
    const some = Array.from({ length: Math.min(20, left) }, () =>
      api('/api/orders', { method: 'POST', body }),
    );
    await Promise.all(some);
  }
}

interface OrderPage {
  readonly orders: readonly {
    readonly orderId: number;
    readonly status: string;
    readonly updatedAt: string;
  }[];
  readonly nextCursor?: string;
}

async function ordersOf(userId: number): Promise<OrderPage['orders']> {
  const orders: OrderPage['orders'][number][] = [];
  let cursor: string | undefined;
  do {
    const page = await api<OrderPage>(
      `/api/orders?userId=${userId}&limit=100${cursor ? `&cursor=${cursor}` : ''}`,
    );
    orders.push(...page.orders);
    cursor = page.nextCursor;
  } while (cursor);
  return orders;
}

const confirmed = async (userId: number) =>
  (await ordersOf(userId)).filter(({ status }) => status === 'CONFIRMED').length;

const reservedOf = async (sku: string) =>
  (await api<{ stock: { sku: string; reserved: number }[] }>('/api/stock')).stock.find(
    (stock) => stock.sku === sku,
  )?.reserved;

/** Sends records as someone would by hand. */
async function send(
  topic: string,
  messages: { key: string; value: string | Buffer; headers?: Record<string, Buffer | string> }[],
) {
  const producer = createKafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Whether a consumer group has processed everything that its topic holds. */
function hasReadAll(group: string): Promise<boolean> {
  const topic = 'inventory.reserved';
  return withAdmin(createKafka({ brokers, logLevel: logLevel.NOTHING }), async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [read] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return ends.every(({ partition, high }) =>
      read?.partitions.some((one) => one.partition === partition && one.offset === high),
    );
  });
}

const patience = (what: string) => ({ deadlineMs: 60_000, what, intervalMs: 200 });
const countOf = (causes: ListAnswer['causes'], exception: string, status: string) =>
  causes
    .filter((cause) => cause.exceptionClass === exception && cause.status === status)
    .reduce((sum, { count }) => sum + count, 0);

const poisonBackAs = (status: string, redriveCount: number) =>
  waitFor(
    async () => {
      const { deadLetters: letters } = await list(
        '--exception',
        'InvalidRecordError',
        '--status',
        status,
        '--limit',
        '500',
      );
      const back = letters.filter((letter) => letter.redriveCount === redriveCount);
      return back.length >= poison && back;
    },
    patience(`the poison records to be ${status}`),
  );

beforeAll(async () => {
  environment = await ownStack();
  await start();
  await api('/api/stock/FAIL', { method: 'PUT', body: '{"onHand":100000}' });
}, 90_000);

afterAll(() => service.stop());

// The tests tell one story: each begins where the one before ended.
describe('orders of which some hit a fault, and records that nobody can read', () => {
  it('when they arrive among good ones, the good ones are settled, and the others are dead letters, listed by cause', async () => {
    await send(
      'order.created',
      Array.from({ length: poison }, (_, index) => ({ key: `poison-${index}`, value: '{"orderId":' })),
    );
    await Promise.all([order(good, goodUser, 'ABC-001'), order(faulty, faultyUser, 'FAIL')]);

    await waitFor(
      async () => (await confirmed(goodUser)) === good,
      patience('the good orders to be confirmed'),
    );
    const { causes } = await waitFor(async () => {
      const found = await list();
      return found.total >= faulty + poison && found;
    }, patience('the dead letters'));
    expect(countOf(causes, 'FaultInjectedError', 'NEW')).toBe(faulty);
    expect(countOf(causes, 'InvalidRecordError', 'NEW')).toBe(poison);
    expect(await confirmed(faultyUser)).toBe(0);
  }, 120_000);

  it('when the fault is gone and a redrive is killed halfway, another one completes every order, each once', async () => {
    await service.stop();
    await start({ faultSku: 'NONE' }, service.dataDirectory);
    const sound = ['--exception', 'FaultInjectedError'];
    const slow = spawn(process.execPath, [commandLine, 'redrive', ...sound, '--yes', '--rate', '10'], {
      env: { ...process.env, OPENORDER_DATA_DIR: service.dataDirectory },
      stdio: 'ignore',
    });
    await waitFor(
      async () => (await list('--status', 'REDRIVEN')).total > 0,
      patience('the redrive to begin'),
    );
    slow.kill('SIGKILL');

    const { redriven } = await redrive(...sound);
    expect(redriven).toBeGreaterThan(0);
    expect(redriven).toBeLessThan(faulty);
    await waitFor(
      async () => (await confirmed(faultyUser)) === faulty,
      patience('the faulty orders to be confirmed'),
    );
    expect(await reservedOf('FAIL')).toBe(faulty);
  }, 180_000);

  it('when poison is redriven, it comes back with one more set of headers, and is parked after the third time', async () => {
    await redrive('--all');
    const [once] = await poisonBackAs('NEW', 1);
    const shown = await deadLetters<NonNullable<ShowAnswer>>('show', String(once?.deadLetterId));
    expect(shown.headers.filter(({ name }) => name === 'kafka_dlt-original-offset')).toHaveLength(2);
    expect(shown.headers.filter(({ name }) => name === 'kafka_dlt-exception-fqcn')).toHaveLength(1);

    await redrive('--exception', 'InvalidRecordError');
    await poisonBackAs('NEW', 2);
    await redrive('--exception', 'InvalidRecordError');
    expect(await poisonBackAs('PARKED', 3)).toHaveLength(poison);
  }, 120_000);

  it('when it is all redriven once more, nothing changes', async () => {
    const before = { ...(await list()), orders: await ordersOf(faultyUser) };
    expect(await redrive('--all')).toMatchObject({ redriven: 0, remaining: 0 });
    expect({ ...(await list()), orders: await ordersOf(faultyUser) }).toEqual(before);
  }, 60_000);

  it('when parked ones are discarded, no redrive can name them', async () => {
    const discarded = await deadLetters<MarkAnswer>(
      'discard',
      '--exception',
      'InvalidRecordError',
      '--status',
      'PARKED',
      '--yes',
    );
    expect(discarded.changed).toBe(poison);
    await expect(redrive('--all', '--status', 'DISCARDED')).rejects.toMatchObject({ code: 2 });
  }, 60_000);
});

describe('a record that one consumer group could not handle and another did', () => {
  it('when it is redriven, what was done is not done again', async () => {
    const [settled] = await ordersOf(goodUser);
    const orderId = settled?.orderId ?? 0;
    const notifications = () => api<{ notifications: unknown[] }>(`/api/notifications?orderId=${orderId}`);
    const before = await notifications();
    const value = JSON.stringify({
      orderId,
      userId: goodUser,
      items: [{ sku: 'ABC-001', qty: 1 }],
      reservedAt: new Date(),
    });
    const group = 'openorder-local-notify-inventory.reserved';
    await send('inventory.reserved.DLT', [
      {
        key: String(orderId),
        value,
        headers: {
          'kafka_dlt-original-topic': 'inventory.reserved',
          'kafka_dlt-original-consumer-group': group,
        },
      },
    ]);
    await waitFor(async () => (await list('--group', group)).total === 1, patience('the dead letter'));

    expect(await redrive('--group', group)).toMatchObject({ redriven: 1 });
    await waitFor(
      () => hasReadAll('openorder-local-settleOrder-inventory.reserved'),
      patience('the other group to read it'),
    );
    await waitFor(() => hasReadAll(group), patience('the group that failed to read it'));
    expect(await ordersOf(goodUser)).toContainEqual(settled);
    expect(await notifications()).toEqual(before);
  }, 60_000);
});

describe('dead letters of which some cannot be sent', () => {
  const order = (orderId: number) =>
    JSON.stringify({
      orderId,
      userId: faultyUser,
      items: [{ sku: 'ABC-001', qty: 1 }],
      createdAt: new Date(),
    });
  /**
   * Fits its topic with 86 bytes for the batch, the record and its key; nothing makes random bytes smaller.
   */
  const brim = randomBytes(1_048_588 - 90);
  const letter = (key: string, value: string | Buffer, originalTopic = 'order.created') => ({
    key,
    value,
    headers: {
      'kafka_dlt-original-topic': originalTopic,
      'kafka_dlt-exception-fqcn': 'MixedBatch',
      // Makes a record that only just fits its topic too large for it, until it is removed again.
      'kafka_dlt-original-consumer-group': 'g'.repeat(200),
    },
  });
  it('when they are redriven together, those are parked with their reason, and the others are sent once', async () => {
    await send('order.created.DLT', [
      letter('good-1', order(940_000_001)),
      letter('renamed', '{}', 'order.created.v0'),
      letter('elsewhere', '{}', 'inventory.reserved'),
      letter('brim', brim),
      letter('good-2', order(940_000_002)),
    ]);
    const { deadLetters: letters } = await waitFor(async () => {
      const found = await list('--exception', 'MixedBatch');
      return found.total === 5 && found;
    }, patience('the dead letters to be archived'));

    const { redriven, remaining, refused } = await redrive('--exception', 'MixedBatch');
    expect([redriven, remaining]).toEqual([3, 0]);
    const idOf = (key: string) => letters.find(({ keyText }) => keyText === key)?.deadLetterId;
    expect(refused.map(({ id, topic }) => [id, topic])).toEqual([
      [idOf('renamed'), 'order.created.v0'],
      [idOf('elsewhere'), 'inventory.reserved'],
    ]);
    const shown = await deadLetters<NonNullable<ShowAnswer>>('show', String(idOf('renamed')));
    expect(shown).toMatchObject({ status: 'PARKED', refusal: refused[0]?.reason });
    await waitFor(
      async () => (await list('--key', 'brim')).total === 2,
      patience('the large one to fail again'),
    );

    expect(await redrive('--exception', 'MixedBatch')).toMatchObject({ redriven: 0, refused: [] });
  }, 120_000);

  it('when a topic is named that Kafka does not have, the request is refused and nothing is parked', async () => {
    const selection = ['--exception', 'MixedBatch', '--status', 'REDRIVEN'];
    const before = await list(...selection);
    await expect(redrive(...selection, '--target', 'no.such.topic')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no\.such\.topic: UNKNOWN_TOPIC_OR_PARTITION/) as string,
    });
    expect(await list(...selection)).toEqual(before);
  }, 60_000);
});
