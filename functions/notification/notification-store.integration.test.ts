import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase, type Database } from '../../lib/postgres/database.ts';
import { reservedNotice } from '../../test/support/outgoing.ts';
import type { ChannelName } from './channels/channel.ts';
import { createContactStore } from './contact-store.ts';
import type { Contacts } from './contacts.ts';
import {
  createNotificationStore,
  type OpenDelivery,
  type Owed,
  type Conclusion,
} from './notification-store.ts';

const openDatabase = () => createDatabase(process.env['DATABASE_URL'] ?? '');
const database = openDatabase();
const store = createNotificationStore(database);
const contactStore = createContactStore(database);
const allChannels: ChannelName[] = ['email', 'sms', 'push', 'webhook'];
const claimMs = 60_000;

let lastId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);
const owed = (userId = ++lastId): Owed => ({ orderId: ++lastId, kind: 'reserved', userId });

async function userWith(contacts: Partial<Contacts>): Promise<number> {
  const userId = ++lastId;
  await contactStore.put(userId, { language: 'en', ...contacts }, 'whsec_1');
  return userId;
}

const withEmail = () => userWith({ email: 'user@example.com' });
const concluded = (delivery: OpenDelivery | undefined, rest: Partial<Conclusion> = {}): Conclusion => ({
  delivery: delivery as OpenDelivery,
  status: 'SENT',
  attempts: 1,
  ...rest,
});
const rowOf = async ({ orderId }: Owed) => {
  const rows = await database.query<Record<string, unknown>>(
    'SELECT status, attempts, provider_id, error FROM notification.delivery WHERE order_id = $1',
    [orderId],
  );
  expect(rows).toHaveLength(1);
  return rows[0];
};
const statuses = async ({ orderId }: Owed) =>
  (await store.listByOrder(orderId)).map(({ channel, status }) => `${channel} ${status}`).sort();

afterAll(closeClients);

describe('claiming messages', () => {
  it('when the user has contacts, claims a message for each, in the language of the user', async () => {
    const push = { endpoint: 'https://push.example', keys: { p256dh: 'p', auth: 'a' } };
    const userId = await userWith({
      email: 'a@example.com',
      phone: '+8210',
      push,
      webhook: 'https://w.example',
      language: 'ko',
    });
    const order = owed(userId);
    const { mine, others } = await store.claim([order], allChannels, claimMs);
    const { orderId, kind } = order;
    const message = { orderId, kind, language: 'ko' };
    expect(mine).toHaveLength(4);
    expect(mine).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ ...message, channel: 'email', address: 'a@example.com', secrets: [] }),
        expect.objectContaining({ ...message, channel: 'sms', address: '+8210' }),
        expect.objectContaining({
          ...message,
          channel: 'webhook',
          address: 'https://w.example',
          secrets: ['whsec_1'],
        }),
      ]) as object,
    );
    expect(JSON.parse(mine.find(({ channel }) => channel === 'push')?.address ?? '')).toEqual(push);
    expect(others).toEqual([]);
  });

  it('when the user has no contact, or is unknown, records SKIPPED and claims nothing', async () => {
    const orders = [owed(), owed(await userWith({}))];
    expect((await store.claim(orders, allChannels, claimMs)).mine).toEqual([]);
    for (const order of orders) expect(await statuses(order)).toEqual(['email SKIPPED']);
  });

  it('when the only contact is of a channel that is not set up, records SKIPPED and says why', async () => {
    const order = owed(await userWith({ phone: '+821012345678' }));
    expect((await store.claim([order], ['email'], claimMs)).mine).toEqual([]);
    expect(await statuses(order)).toEqual(['sms SKIPPED']);
    expect(await rowOf(order)).toMatchObject({ error: 'this channel is not set up' });
  });

  it.each(['SENT', 'FAILED'] as const)('when a message is %s, nobody can claim it again', async (status) => {
    const order = owed(await withEmail());
    const { id, mine } = await store.claim([order], allChannels, claimMs);
    await store.conclude(id, [concluded(mine[0], { status })], new Date());
    expect(await store.claim([order], allChannels, claimMs)).toMatchObject({ mine: [], others: [] });
  });

  it('when a contact is added after a message was skipped, it stays skipped', async () => {
    const order = owed();
    await store.claim([order], allChannels, claimMs);
    await contactStore.put(order.userId, { email: 'late@example.com', language: 'en' }, 'whsec_1');
    await store.claim([order], allChannels, claimMs);
    expect(await statuses(order)).toEqual(['email SKIPPED']);
  });

  it('when another invocation holds the claim, says so', async () => {
    const order = owed(await withEmail());
    await store.claim([order], allChannels, claimMs);
    const second = await store.claim([order], allChannels, claimMs);
    expect(second).toMatchObject({ mine: [], others: [{ orderId: order.orderId, channel: 'email' }] });
  });

  it('when the claim of an invocation that died has run out, it passes on', async () => {
    const order = owed(await withEmail());
    await store.claim([order], allChannels, 0);
    expect((await store.claim([order], allChannels, claimMs)).mine).toHaveLength(1);
  });

  it('when a message is left to be sent again later, nobody can claim it', async () => {
    const order = owed(await userWith({ webhook: 'https://w.example' }));
    const { id, mine } = await store.claim([order], allChannels, claimMs);
    const retry = {
      host: 'w.example',
      notice: { ...reservedNotice, ...order, kind: 'reserved' },
      afterMs: 0,
    } as const;
    await store.conclude(id, [concluded(mine[0], { status: 'PENDING', retry })], new Date());
    expect(await store.claim([order], allChannels, claimMs)).toMatchObject({ mine: [], others: [] });
  });

  it('when many invocations claim the same orders at once, in any order, each message is claimed by one', async () => {
    const userId = await withEmail();
    const orders = Array.from({ length: 200 }, () => owed(userId));
    const claims = await Promise.all(
      [orders, orders.toReversed(), orders, orders.toReversed()].map((batch) =>
        createNotificationStore(openDatabase()).claim(batch, allChannels, claimMs),
      ),
    );
    const mine = claims.flatMap((claim) => claim.mine.map(({ orderId }) => orderId));
    expect(mine.toSorted((a, b) => a - b)).toEqual(orders.map(({ orderId }) => orderId));
    expect(claims.map((claim) => claim.mine.length + claim.others.length)).toEqual([200, 200, 200, 200]);
  });

  it('when a batch has a thousand orders, takes one statement, and as many to conclude as one order', async () => {
    const statements: string[] = [];
    const counting = (inner: Pick<Database, 'query'>): Pick<Database, 'query'> => ({
      query: (text, values) => {
        statements.push(text);
        return inner.query(text, values);
      },
    });
    const counted = createNotificationStore({
      ...counting(database),
      transaction: (work) => database.transaction((transaction) => work(counting(transaction))),
    });
    const userId = await withEmail();
    const orders = Array.from({ length: 1_000 }, () => owed(userId));
    const { id, mine } = await counted.claim(orders, allChannels, claimMs);
    await counted.conclude(
      id,
      mine.map((delivery) => concluded(delivery)),
      new Date(),
    );
    expect(mine).toHaveLength(1_000);
    expect(statements).toHaveLength(2);
  });
});

describe('settling what was claimed', () => {
  it('when it was sent, keeps when, and what the provider calls it', async () => {
    const order = owed(await withEmail());
    const { id, mine } = await store.claim([order], allChannels, claimMs);
    const sentAt = new Date('2026-11-22T10:00:03.000Z');
    await store.conclude(id, [concluded(mine[0], { providerId: 'p-1' })], sentAt);
    expect(await rowOf(order)).toEqual({ status: 'SENT', attempts: 1, provider_id: 'p-1', error: null });
    expect(await store.listByOrder(order.orderId)).toMatchObject([{ status: 'SENT', sentAt }]);
  });

  it('when it was refused temporarily, keeps why, counts the attempts, and releases it immediately', async () => {
    const order = owed(await withEmail());
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { id, mine } = await store.claim([order], allChannels, claimMs);
      await store.conclude(
        id,
        [concluded(mine[0], { status: 'PENDING', error: new Error('busy') })],
        new Date(),
      );
    }
    expect(await rowOf(order)).toMatchObject({ status: 'PENDING', attempts: 2, error: 'busy' });
    expect((await store.claim([order], allChannels, claimMs)).mine).toHaveLength(1);
  });

  it('when the claim has passed to another, only a successful send is recorded', async () => {
    const orders = [owed(await withEmail()), owed(await withEmail())];
    const late = await store.claim(orders, allChannels, 0);
    await store.claim(orders, allChannels, claimMs);
    const [sent, failed] = orders.map((order) => late.mine.find(({ orderId }) => orderId === order.orderId));
    const conclusions = [concluded(sent), concluded(failed, { status: 'FAILED', error: new Error('no') })];
    await store.conclude(late.id, conclusions, new Date());
    expect(await Promise.all(orders.map(statuses))).toEqual([['email SENT'], ['email PENDING']]);
  });
});

describe('listing messages', () => {
  it('when a user has many, returns pages, oldest first', async () => {
    const userId = await withEmail();
    const orders = Array.from({ length: 5 }, () => owed(userId));
    for (const order of orders) await store.claim([order], allChannels, claimMs);
    const first = await store.listByUser(userId, 0, 3);
    const second = await store.listByUser(userId, first.at(-1)?.deliveryId ?? 0, 3);
    expect([...first, ...second].map(({ orderId }) => orderId)).toEqual(orders.map(({ orderId }) => orderId));
  });
});
