import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { signatureBy } from '../functions/notification/webhook-secret.ts';
import { closeClients } from '../lib/local/stack/invoke-local.ts';
import { createDatabase, type Database } from '../lib/postgres/database.ts';
import { startHttpStub } from './support/http-stub.ts';
import { readInbox } from './support/inbox.ts';
import { ownStack, startService, type Service } from './support/service.ts';
import { waitFor } from './support/wait.ts';

const sku = 'ABC-001';

let service: Service;
let database: Database;
let mailUrl: string;
let lastUser = 830_000;

beforeAll(async () => {
  const environment = await ownStack();
  mailUrl = `http://127.0.0.1:${environment['MAIL_PORT'] ?? ''}`;
  service = await startService({ environment });
  database = createDatabase((await service.ready()).databaseUrl);
  await call('PUT', `/api/stock/${sku}`, { onHand: 1_000_000 });
}, 90_000);

afterAll(async () => {
  await closeClients();
  expect(await service.stop()).toBe(0);
}, 40_000);

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(service.httpUrl + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function userWith(contacts: object): Promise<number> {
  const userId = ++lastUser;
  expect((await call('PUT', `/api/users/${userId}/contacts`, contacts)).status).toBe(200);
  return userId;
}

async function place(userId: number): Promise<number> {
  const { status, body } = await call('POST', '/api/orders', { userId, items: [{ sku, qty: 1 }] });
  expect(status).toBe(201);
  return body['orderId'] as number;
}

/** A server that accepts connections and requests and never answers. */
async function startSilentServer() {
  const open = new Set<Socket>();
  let made = 0;
  const server = createServer((socket) => {
    made += 1;
    open.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => open.delete(socket))
      .resume();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    connections: () => made,
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const busyOrders = 1_500;

/**
 * Concurrency and pace that keep the system busy but not overloaded, which would measure the machine instead.
 */
const ordersAtOnce = 4;
const intervalMs = 20;

/**
 * Places 1,500 orders for `busy`, and one for `customer` with every tenth.
 * @returns ms from each of the latter to its mail
 */
async function mailDelays(customer: number, busy: number): Promise<number[]> {
  const placedAt = new Map<string, number>();
  const begin = Date.now();
  const indices = Array(busyOrders).keys();
  const placing = Array.from({ length: ordersAtOnce }, async () => {
    for (const index of indices) {
      await wait(begin + index * intervalMs - Date.now());
      await place(busy);
      if (index % 10 > 0) continue;
      const now = Date.now();
      placedAt.set(`order-${await place(customer)}-reserved-email`, now);
    }
  });
  await Promise.all(placing);
  const mails = await waitFor(
    async () => {
      const inbox = await readInbox(mailUrl);
      const mine = inbox.filter(({ name }) => placedAt.has(name));
      return mine.length === placedAt.size && mine;
    },
    { deadlineMs: 60_000, intervalMs: 250, what: 'every mail' },
  );
  return mails.map(({ name, receivedAt }) => receivedAt.getTime() - (placedAt.get(name) ?? 0));
}

const p99 = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;

describe("a customer's address that never answers", () => {
  it('when 1,500 orders would go there, other customers get their mails in time, and it is hardly called', async () => {
    await using silent = await startSilentServer();
    const customer = await userWith({ email: 'other@example.com' });
    const undisturbed = p99(await mailDelays(customer, await userWith({})));
    const busy = await userWith({ webhook: silent.url });
    const disturbed = p99(await mailDelays(customer, busy));
    expect(disturbed - undisturbed).toBeLessThan(2_000);
    expect(silent.connections()).toBeGreaterThan(0);
    expect(silent.connections()).toBeLessThanOrEqual(50);
    const messages = () =>
      database.query<{ status: string; count: number }>(
        `SELECT status, count(*)::int AS count FROM notification.delivery WHERE user_id = $1 GROUP BY status`,
        [busy],
      );
    const all = async () => (await messages()).reduce((sum, { count }) => sum + count, 0) === busyOrders;
    await waitFor(all, { deadlineMs: 30_000, what: 'a message for each order' });
    expect(await messages()).toEqual([{ status: 'PENDING', count: busyOrders }]);
    expect(await database.query('SELECT FROM dead_letter.dead_letter')).toEqual([]);
  }, 300_000);

  it('when it is gone, it is called once and removed from the contacts', async () => {
    await using stub = await startHttpStub(() => ({ status: 410 }));
    const userId = await userWith({ email: 'gone@example.com', webhook: `${stub.url}/hook` });
    const contacts = async () => (await call('GET', `/api/users/${userId}/contacts`)).body;
    const statusOf = async (orderId: number) => {
      const { body } = await call('GET', `/api/notifications?orderId=${orderId}`);
      return (body['notifications'] as { channel: string; status: string }[]).map(
        ({ channel, status }) => `${channel} ${status}`,
      );
    };
    const first = await place(userId);
    await waitFor(async () => !('webhook' in (await contacts())), {
      deadlineMs: 20_000,
      what: 'the address to go',
    });
    expect(await contacts()).toEqual({ userId, email: 'gone@example.com', language: 'en' });
    expect((await statusOf(first)).toSorted()).toEqual(['email SENT', 'webhook FAILED']);
    const second = await place(userId);
    const mail = async () => (await statusOf(second)).includes('email SENT');
    await waitFor(mail, { deadlineMs: 20_000, what: 'the second mail' });
    expect(await statusOf(second)).toEqual(['email SENT']);
    expect(stub.requests).toHaveLength(1);
  }, 60_000);
});

describe('a webhook', () => {
  it('when its secret is renewed, messages are signed with both, and none without contacts', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    const userId = ++lastUser;
    const contacts = `/api/users/${userId}/contacts`;
    const first = (await call('PUT', contacts, { webhook: stub.url })).body['webhookSecret'] as string;
    const received = async (count: number) => {
      await place(userId);
      const what = `message ${count}`;
      await waitFor(() => stub.requests.length === count, { deadlineMs: 20_000, what });
      const { headers, body } = stub.requests[count - 1] ?? {};
      const signed = `${String(headers?.['webhook-id'])}.${String(headers?.['webhook-timestamp'])}.${String(body)}`;
      return { signatures: String(headers?.['webhook-signature']), signed };
    };
    const before = await received(1);
    expect(before.signatures).toBe(signatureBy([first], before.signed));
    const second = (await call('POST', `${contacts}/webhook-secret`)).body['webhookSecret'] as string;
    expect(second).not.toBe(first);
    const after = await received(2);
    expect(after.signatures).toBe(signatureBy([second, first], after.signed));
    expect(JSON.stringify((await call('GET', contacts)).body)).not.toContain('whsec_');

    const removed = await fetch(service.httpUrl + contacts, { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([204, '']);
    expect((await call('GET', contacts)).status).toBe(404);
    expect((await call('POST', `${contacts}/webhook-secret`)).status).toBe(404);
  }, 60_000);
});

describe("a customer's address that leads inside", () => {
  it.each([
    'https://169.254.169.254/',
    'https://10.0.0.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://example.org:8443/',
  ])('when it is %s, it is refused', async (webhook) => {
    const { status, body } = await call('PUT', '/api/users/1/contacts', { webhook });
    expect([status, body['errors']]).toMatchObject([422, [{ pointer: '/webhook' }]]);
  });
});
