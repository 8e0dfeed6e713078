import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { freshDatabase } from '../../test/support/fresh-database.ts';
import { reservedNotice } from '../../test/support/outgoing.ts';
import { createAddressStore } from './address-store.ts';
import { createContactStore } from './contact-store.ts';
import type { Contacts } from './contacts.ts';
import { createNotificationStore, type Conclusion } from './notification-store.ts';

/** A database of its own: what is due is claimed whoever it belongs to. */
async function setUp() {
  const database = createDatabase(await freshDatabase());
  const store = createNotificationStore(database);
  const contactStore = createContactStore(database);
  const addressStore = createAddressStore(database);
  let lastId = 0;

  /** A user whose webhook did not accept some messages, each after the given number of attempts. */
  const userWithWaiting = async (webhook: string, attempts: readonly number[], afterMs = 0) => {
    const userId = ++lastId;
    await contactStore.put(userId, { webhook, language: 'ko' }, 'whsec_1');
    const orders = attempts.map(() => ({ orderId: ++lastId, kind: 'reserved' as const, userId }));
    const { id, mine } = await store.claim(orders, ['webhook'], 60_000);
    const inOrder = mine.toSorted((a, b) => a.orderId - b.orderId);
    const conclusions = inOrder.map((delivery, index): Conclusion => {
      const notice = { ...reservedNotice, orderId: delivery.orderId, userId };
      const retry = { host: new URL(webhook).host, notice, afterMs };
      const error = new Error('busy');
      return { delivery, status: 'PENDING', attempts: attempts[index] ?? 0, error, retry };
    });
    await store.conclude(id, conclusions, new Date());
    return { userId, orderIds: orders.map(({ orderId }) => orderId) };
  };

  const silence = (host: string, unanswered = 3) =>
    addressStore.noteConduct([{ host, answered: false, unanswered }]);
  const endPauses = () =>
    database.query(`UPDATE notification.silent_host SET paused_until = now() - interval '1 second'`);
  const pauseOf = async (host: string) => {
    const [row] = await database.query<{ minutes: number }>(
      `SELECT round(extract(epoch FROM paused_until - now()) / 60)::int AS minutes FROM notification.silent_host WHERE host = $1`,
      [host],
    );
    return row?.minutes;
  };
  const statusOf = async (orderId: number) => {
    const [row] = await database.query(
      'SELECT status, error FROM notification.delivery WHERE order_id = $1',
      [orderId],
    );
    return row;
  };
  return {
    database,
    store,
    contactStore,
    addressStore,
    userWithWaiting,
    silence,
    endPauses,
    pauseOf,
    statusOf,
  };
}

const orderIdsOf = (deliveries: readonly { readonly orderId: number }[]) =>
  deliveries.map(({ orderId }) => orderId).toSorted((a, b) => a - b);

afterAll(closeClients);

describe('a silent host', () => {
  it('when it did not answer three times in a row, is known to every container', async () => {
    const { addressStore } = await setUp();
    for (const failures of [1, 2]) {
      await addressStore.noteConduct([{ host: 'a.example', answered: false, unanswered: 1 }]);
      expect([failures, await addressStore.silentHosts(['a.example'])]).toEqual([failures, new Set()]);
    }
    await addressStore.noteConduct([{ host: 'a.example', answered: false, unanswered: 1 }]);
    expect(await addressStore.silentHosts(['a.example', 'b.example'])).toEqual(new Set(['a.example']));
  });

  it('when it answers, its failures are forgotten', async () => {
    const { addressStore, silence } = await setUp();
    await silence('a.example', 5);
    await addressStore.noteConduct([{ host: 'a.example', answered: true, unanswered: 0 }]);
    expect(await addressStore.silentHosts(['a.example'])).toEqual(new Set());
  });

  it('when it answers and then stops, only what came after counts', async () => {
    const { addressStore, silence } = await setUp();
    await silence('a.example', 5);
    await addressStore.noteConduct([{ host: 'a.example', answered: true, unanswered: 2 }]);
    expect(await addressStore.silentHosts(['a.example'])).toEqual(new Set());
  });

  it.each([
    [2, 0],
    [3, 1],
    [4, 2],
    [6, 8],
    [9, 60],
    [1_000, 60],
  ])(
    'when it did not answer %d times in a row, it is left alone for %d minutes',
    async (failures, minutes) => {
      const { silence, pauseOf } = await setUp();
      await silence('a.example', failures);
      expect(await pauseOf('a.example')).toBe(minutes);
    },
  );
});

describe('what is due', () => {
  it('when it is due, is claimed once, with everything that is needed to send it', async () => {
    const { addressStore, userWithWaiting } = await setUp();
    const { userId, orderIds } = await userWithWaiting('https://a.example/hook', [1, 2]);
    const { mine } = await addressStore.claimDue(10, 60_000);
    expect(mine).toHaveLength(2);
    expect(mine.find(({ attempts }) => attempts === 2)).toEqual({
      orderId: orderIds[1],
      kind: 'reserved',
      channel: 'webhook',
      address: 'https://a.example/hook',
      secrets: ['whsec_1'],
      language: 'ko',
      attempts: 2,
      notice: { ...reservedNotice, orderId: orderIds[1], userId },
    });
    expect((await addressStore.claimDue(10, 60_000)).mine).toEqual([]);
  });

  it('when it is not due yet, is left', async () => {
    const { addressStore, userWithWaiting } = await setUp();
    await userWithWaiting('https://a.example/hook', [1], 60_000);
    expect((await addressStore.claimDue(10, 60_000)).mine).toEqual([]);
  });

  it('when the run that claimed it died, passes on', async () => {
    const { addressStore, userWithWaiting } = await setUp();
    await userWithWaiting('https://a.example/hook', [1]);
    await addressStore.claimDue(10, 0);
    expect((await addressStore.claimDue(10, 60_000)).mine).toHaveLength(1);
  });

  it('when the user now has another address, goes there', async () => {
    const { addressStore, contactStore, userWithWaiting } = await setUp();
    const { userId } = await userWithWaiting('https://a.example/hook', [1]);
    await contactStore.put(userId, { webhook: 'https://b.example/hook', language: 'en' }, 'whsec_1');
    expect((await addressStore.claimDue(10, 60_000)).mine).toMatchObject([
      { address: 'https://b.example/hook' },
    ]);
  });

  it('when its host is silent, is left until the pause is over, and then one message is tried', async () => {
    const { addressStore, userWithWaiting, silence, endPauses } = await setUp();
    const { orderIds } = await userWithWaiting('https://a.example/hook', [1, 0, 0]);
    const other = await userWithWaiting('https://b.example/hook', [1]);
    await silence('a.example');
    expect(orderIdsOf((await addressStore.claimDue(10, 60_000)).mine)).toEqual(other.orderIds);
    await endPauses();
    // The one with the fewest attempts, so that one user's messages cannot keep the host closed to others.
    expect(orderIdsOf((await addressStore.claimDue(10, 60_000)).mine)).toEqual([orderIds[1]]);
    expect((await addressStore.claimDue(10, 60_000)).mine).toEqual([]);
  });

  it('when one host has very many, leaves room for the others', async () => {
    const { addressStore, userWithWaiting } = await setUp();
    await userWithWaiting('https://a.example/hook', Array<number>(500).fill(0));
    const other = await userWithWaiting('https://b.example/hook', [1]);
    const { mine } = await addressStore.claimDue(1_000, 60_000);
    expect(mine.length).toBeLessThan(500);
    expect(orderIdsOf(mine)).toEqual(expect.arrayContaining(other.orderIds));
  });

  it('when many runs claim at once, each message is claimed by one', async () => {
    const { addressStore, userWithWaiting } = await setUp();
    const { orderIds } = await userWithWaiting('https://a.example/hook', Array<number>(40).fill(1));
    const claims = await Promise.all(Array.from({ length: 4 }, () => addressStore.claimDue(10, 60_000)));
    expect(orderIdsOf(claims.flatMap(({ mine }) => mine))).toEqual(orderIds);
  });
});

describe('what is hopeless', () => {
  it('when a message has waited for a day, it is FAILED and says why', async () => {
    const { database, addressStore, userWithWaiting, statusOf } = await setUp();
    const { orderIds } = await userWithWaiting('https://a.example/hook', [2, 2], 60_000);
    const [old = 0, young = 0] = orderIds;
    expect(await addressStore.giveUp()).toBe(0);
    await database.query(`UPDATE notification.delivery SET give_up_at = now() WHERE order_id = $1`, [old]);
    expect(await addressStore.giveUp()).toBe(1);
    expect(await statusOf(old)).toEqual({ status: 'FAILED', error: 'given up: busy' });
    expect(await statusOf(young)).toMatchObject({ status: 'PENDING' });
  });

  it('when its user no longer has the address, it is SKIPPED and says why', async () => {
    const { contactStore, addressStore, userWithWaiting, statusOf } = await setUp();
    const { userId, orderIds } = await userWithWaiting('https://a.example/hook', [1], 60_000);
    await contactStore.put(userId, { email: 'user@example.com', language: 'en' }, 'whsec_1');
    expect(await addressStore.giveUp()).toBe(1);
    expect(await statusOf(orderIds[0] ?? 0)).toEqual({
      status: 'SKIPPED',
      error: 'the user no longer has this address',
    });
    expect((await addressStore.claimDue(10, 60_000)).mine).toEqual([]);
  });
});

describe('an address that is gone', () => {
  const push = { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } };
  const contacts: Contacts = {
    email: 'a@example.com',
    webhook: 'https://a.example/hook',
    push,
    language: 'en',
  };

  it.each([
    ['webhook', 'https://a.example/hook'],
    ['push', JSON.stringify(push)],
  ] as const)(
    'when it is a %s, it is removed from the contacts, and nothing else is',
    async (channel, address) => {
      const { contactStore, addressStore } = await setUp();
      await contactStore.put(1, contacts, 'whsec_1');
      expect(await addressStore.removeGone([{ userId: 1, channel, address }])).toHaveLength(1);
      expect(await contactStore.get(1)).toEqual({ phone: null, ...contacts, [channel]: null });
    },
  );

  it('when it has since been changed, it stays', async () => {
    const { contactStore, addressStore } = await setUp();
    await contactStore.put(1, { ...contacts, webhook: 'https://b.example/hook' }, 'whsec_1');
    const gone = { userId: 1, channel: 'webhook', address: 'https://a.example/hook' } as const;
    expect(await addressStore.removeGone([gone])).toEqual([]);
    expect(await contactStore.get(1)).toMatchObject({ webhook: 'https://b.example/hook' });
  });
});
