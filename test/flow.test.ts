import { randomUUID } from 'node:crypto';
import { isDeadLetterTopic } from '../lib/contracts/contract.ts';
import { deadLetterHeader } from '../lib/kafka/dead-letter.ts';
import { ownStack, startService, type Service } from './support/service.ts';
import { lagOf } from './support/topics.ts';
import { undocumentedInAnswer, undocumentedInRecord } from './support/documented.ts';
import { watchTopics, type TopicRecord, type Topics } from './support/watched-topics.ts';
import { waitFor } from './support/wait.ts';

interface OrderView {
  orderId: number;
  status: string;
  rejection?: object;
}

let service: Service;
let topics: Topics;
let mailUrl: string;
let brokers: readonly string[];

beforeAll(async () => {
  const environment = await ownStack();
  mailUrl = `http://127.0.0.1:${environment['MAIL_PORT'] ?? ''}`;
  service = await startService({ environment });
  ({ brokers } = await service.ready());
  topics = await watchTopics(brokers, [
    'inventory.reserved',
    'inventory.rejected',
    'inventory.released',
    'order.created',
    'order.created.DLT',
  ]);
}, 90_000);

afterAll(async () => {
  await topics.close();
  expect(await service.stop()).toBe(0);
}, 40_000);

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(service.httpUrl + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  expect(undocumentedInAnswer(method, path, response, answer)).toEqual([]);
  return { status: response.status, body: answer };
}

async function place(sku: string, qty = 1): Promise<number> {
  const { status, body } = await call('POST', '/api/orders', { userId: 42, items: [{ sku, qty }] });
  expect(status).toBe(201);
  return (body as OrderView).orderId;
}

const orderOf = async (orderId: number) => (await call('GET', `/api/orders/${orderId}`)).body as OrderView;

const settled = (orderId: number): Promise<OrderView> =>
  waitFor(
    async () => {
      const order = await orderOf(orderId);
      return order.status === 'PENDING' ? undefined : order;
    },
    { deadlineMs: 20_000, what: `order ${orderId} to be settled` },
  );

async function newSku(onHand: number): Promise<string> {
  const sku = `SKU-${randomUUID()}`;
  expect((await call('PUT', `/api/stock/${sku}`, { onHand })).status).toBe(200);
  return sku;
}

async function stockOf(sku: string) {
  const { body } = await call('GET', '/api/stock');
  return (body as { stock: { sku: string }[] }).stock.find((row) => row.sku === sku);
}

const isFor = (orderId: number) => (record: TopicRecord) => String(record.key) === String(orderId);
const outcomesOf = (orderId: number) =>
  topics.seen.filter((record) => record.topic.startsWith('inventory.') && isFor(orderId)(record));

const headerText = (record: TopicRecord, name: string) => record.headers?.[name]?.toString();

function expectDeadLetterOf(original: TopicRecord | undefined, dead: TopicRecord): void {
  const offset = Buffer.alloc(8);
  offset.writeBigInt64BE(BigInt(original?.offset ?? -1));
  expect(dead.value).toEqual(original?.value);
  expect(dead.partition).toBe(original?.partition);
  expect(dead.headers).toMatchObject({ ...original?.headers, [deadLetterHeader.originalOffset]: offset });
}

async function notificationsOf(orderId: number) {
  const { body } = await call('GET', `/api/notifications?orderId=${orderId}`);
  return (body as { notifications: object[] }).notifications;
}

describe('an order', () => {
  it('when stock suffices, is confirmed, its stock is reserved, and its customer gets a mail', async () => {
    const sku = await newSku(10);
    const orderId = await place(sku, 2);
    expect(await settled(orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect(await stockOf(sku)).toEqual({ sku, onHand: 10, reserved: 2, available: 8 });
    const notifications = await waitFor(
      async () => {
        const rows = await notificationsOf(orderId);
        return rows.some((row) => 'sentAt' in row) ? rows : undefined;
      },
      { deadlineMs: 20_000, what: 'the customer to be notified' },
    );
    expect(notifications).toMatchObject([{ orderId, kind: 'reserved', channel: 'email', status: 'SENT' }]);
    const inbox = (await (await fetch(`${mailUrl}/api/v1/messages`)).json()) as {
      messages: { Subject: string }[];
    };
    expect(inbox.messages.some(({ Subject }) => Subject.includes(String(orderId)))).toBe(true);
  });

  it('when stock is short, is rejected, and says which SKU and how many are left', async () => {
    const sku = await newSku(1);
    expect(await settled(await place(sku, 2))).toMatchObject({
      status: 'REJECTED',
      rejection: { reason: 'OUT_OF_STOCK', shortages: [{ sku, requested: 2, available: 1 }] },
    });
  });

  it('when a SKU is unknown, is rejected', async () => {
    expect(await settled(await place('NO-SUCH-SKU'))).toMatchObject({
      status: 'REJECTED',
      rejection: { reason: 'UNKNOWN_SKU' },
    });
  });

  it('when it is cancelled after it was confirmed, its stock is available again', async () => {
    const sku = await newSku(5);
    const orderId = await place(sku, 5);
    await settled(orderId);
    expect(await call('POST', `/api/orders/${orderId}/cancel`)).toEqual({
      status: 202,
      body: { orderId, status: 'CANCELLED' },
    });
    await topics.find(
      (record) => record.topic === 'inventory.released' && isFor(orderId)(record),
      'the release',
    );
    expect(await stockOf(sku)).toMatchObject({ reserved: 0 });
    expect(await orderOf(orderId)).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('a fault', () => {
  it('when an order injects it, its record is dead-lettered unchanged, and others are not held up', async () => {
    const sku = await newSku(100);
    const before = await place(sku);
    const faulty = await place('FAIL');
    const after = await Promise.all(Array.from({ length: 9 }, () => place(sku)));
    for (const orderId of [before, ...after])
      expect(await settled(orderId)).toMatchObject({ status: 'CONFIRMED' });

    const isDead = (record: TopicRecord) => record.topic === 'order.created.DLT' && isFor(faulty)(record);
    const dead = await topics.find(isDead, 'the dead letter');
    const original = topics.seen.find((record) => record.topic === 'order.created' && isFor(faulty)(record));
    expectDeadLetterOf(original, dead);
    expect(headerText(dead, deadLetterHeader.exceptionClass)).toBe('FaultInjectedError');
    expect(headerText(dead, deadLetterHeader.originalConsumerGroup)).toBe(
      'openorder-local-reserveInventory-order.created',
    );
    expect(await orderOf(faulty)).toMatchObject({ status: 'PENDING' });
    expect(outcomesOf(faulty)).toEqual([]);
  });

  it('when bytes on the topic are not JSON, they are dead-lettered immediately, and the next order is settled', async () => {
    const poison = Buffer.from([0, 255, 254, 123]);
    const key = `poison-${randomUUID()}`;
    await topics.send('order.created', [{ key, value: poison, partition: 1 }]);
    const dead = await topics.find(
      (record) => record.topic === 'order.created.DLT' && String(record.key) === key,
      'the poison on the dead-letter topic',
    );
    expect(dead.value).toEqual(poison);
    expect(dead.partition).toBe(1);
    expect(headerText(dead, deadLetterHeader.exceptionClass)).toBe('InvalidRecordError');
    expect(await settled(await place(await newSku(1)))).toMatchObject({ status: 'CONFIRMED' });
  });
});

describe('a record that arrives twice', () => {
  it('when order.created is redelivered, the same outcome is published again and stock is reserved once', async () => {
    const sku = await newSku(10);
    const orderId = await place(sku, 3);
    await settled(orderId);
    const original = await topics.find(
      (record) => record.topic === 'order.created' && isFor(orderId)(record),
      'the event',
    );
    await topics.send('order.created', [{ key: String(orderId), value: original.value ?? '' }]);
    await waitFor(() => outcomesOf(orderId).length === 2, {
      deadlineMs: 20_000,
      what: 'the outcome to come again',
    });
    const [first, second] = outcomesOf(orderId);
    expect(second?.value).toEqual(first?.value);
    expect(second?.headers).toEqual(first?.headers);
    expect(await stockOf(sku)).toMatchObject({ reserved: 3 });
    await waitFor(
      async () => (await lagOf(brokers, 'openorder-local-notify', ['inventory.reserved'])) === 0,
      {
        deadlineMs: 20_000,
        what: 'notify to have read both outcomes',
      },
    );
    expect(await notificationsOf(orderId)).toHaveLength(1);
  });

  it('when a record was typed in by hand, without key and headers, it is a valid record', async () => {
    const sku = await newSku(10);
    const orderId = 4_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
    const value = { orderId, userId: 7, items: [{ sku, qty: 4 }], createdAt: new Date(), note: 'by hand' };
    await topics.send('order.created', [{ value: JSON.stringify(value) }]);
    await topics.find(
      (record) => record.topic === 'inventory.reserved' && isFor(orderId)(record),
      'the outcome',
    );
    expect(await stockOf(sku)).toMatchObject({ reserved: 4 });
  });
});

describe('a bad request', () => {
  it.each([
    ['broken JSON', '/api/orders', { method: 'POST', body: '{"userId":' }, 400],
    ['wrong fields', '/api/orders', { method: 'POST', body: '{"userId":"me","items":[]}' }, 422],
    [
      'a body over 256 KiB',
      '/api/orders',
      { method: 'POST', body: JSON.stringify({ pad: 'x'.repeat(300_000) }) },
      413,
    ],
    ['131,000 wrong items', '/api/orders', { method: 'POST', body: `{"items":[${'0,'.repeat(1e5)}0]}` }, 422],
    ['a cursor that was never issued', '/api/orders?userId=1&cursor=MWUzMA', { method: 'GET' }, 422],
    ['a parameter given twice', '/api/orders?userId=1&limit=&limit=2', { method: 'GET' }, 422],
    ['an unknown path', '/api/nothing', { method: 'GET' }, 404],
    ['another method', '/api/orders/1', { method: 'DELETE' }, 405],
    ['an unknown order', '/api/orders/987654321', { method: 'GET' }, 404],
  ])(
    'when it is %s, answers with a problem document, and the next request works',
    async (_what, path, init, status) => {
      const response = await fetch(service.httpUrl + path, {
        ...init,
        headers: { 'content-type': 'application/json' },
      });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      const problem = (await response.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({
        status,
        type: expect.stringMatching(/^urn:openorder:problem:/) as string,
      });
      expect(JSON.stringify(problem)).not.toContain('    at ');
      expect(response.headers.get('allow')).toBe(status === 405 ? 'GET' : null);
      expect((await call('GET', '/api/stock')).status).toBe(200);
    },
  );
});

describe('the contracts', () => {
  it('when all the records above are compared with docs/asyncapi.json, each event is as documented', () => {
    const events = topics.seen.filter(
      ({ topic, headers }) => !isDeadLetterTopic(topic) && headers?.['ce_id'],
    );
    expect(events.length).toBeGreaterThan(0);
    for (const { topic, value, headers } of events) {
      const texts = Object.entries(headers ?? {}).map(([name, bytes]) => [name, String(bytes)]);
      const found = undocumentedInRecord(
        topic,
        JSON.parse(String(value)),
        Object.fromEntries(texts) as object,
      );
      expect({ topic, found }).toEqual({ topic, found: [] });
    }
  });
});
