import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { consume } from '../../lib/kafka/consume.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { environment } from '../../test/support/environment.ts';
import { fakePublisher } from '../../test/support/fake-publisher.ts';
import { invocation, record } from '../../test/support/record.ts';
import { type SmtpAnswer, startSmtpStub } from '../../test/support/smtp-stub.ts';
import { createSmtpChannel } from './channels/smtp.ts';
import { createAddressStore } from './address-store.ts';
import { createContactStore } from './contact-store.ts';
import { createNotificationStore } from './notification-store.ts';

environment();
const { notify } = await import('./notify.ts');

const database = createDatabase(process.env['DATABASE_URL'] ?? '');
const store = createNotificationStore(database);
const atOnce = 40;

let lastId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);

async function thousandOrders() {
  const userId = ++lastId;
  await createContactStore(database).put(userId, { email: 'user@example.com', language: 'en' }, '');
  const records = Array.from({ length: 1_000 }, (_, offset) =>
    record(
      'inventory.reserved',
      {
        orderId: ++lastId,
        userId,
        items: [{ sku: 'ABC-001', qty: 1 }],
        reservedAt: '2026-11-22T10:00:00.000Z',
      },
      { offset },
    ),
  );
  return { userId, records };
}

/** Enough for any mail that gets an answer, even on a busy machine. */
const ampleMs = 10_000;

/** The function as deployed, but with its own mail server and timeout. */
function setUp(smtpUrl: string, sendTimeoutMs = ampleMs) {
  const publisher = fakePublisher();
  const channel = createSmtpChannel({
    url: smtpUrl,
    from: 'orders@shop.example',
    connections: atOnce,
    idleMs: 100,
  });
  const run = withFailureDestination(
    consume(
      [inventoryReserved, inventoryRejected, inventoryReleased],
      notify({
        store: createNotificationStore(createDatabase(process.env['DATABASE_URL'] ?? '')),
        addressStore: createAddressStore(database),
        channels: { email: () => Promise.resolve(channel) },
        atOnce,
        sendTimeoutMs,
      }),
    ),
    { publisher, consumerGroupOf: (topic) => topic },
  );
  return { publisher, run: (records: Parameters<typeof run>[0]) => run(records, invocation) };
}

const orderOf = (mail: string) => Number(/^Message-ID: <order-(\d+)/m.exec(mail)?.[1]);
const isTenth = (mail: string) => orderOf(mail) % 10 === 0;
const countOf = async (userId: number) => {
  const counts: Record<string, number> = {};
  for (const { status } of await store.listByUser(userId, 0, 10_000))
    counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** Hangs on the first few mails of every tenth order. */
function hangsAtTenth(times: number) {
  const hung = new Map<number, number>();
  return (mail: string): SmtpAnswer => {
    const before = hung.get(orderOf(mail)) ?? 0;
    if (!isTenth(mail) || before >= times) return 'take';
    hung.set(orderOf(mail), before + 1);
    return 'hang';
  };
}

afterAll(closeClients);

describe('when the mail server hangs at every tenth of 1,000 orders', () => {
  const timeoutMs = 1_500;

  it('when it accepts them on the next attempt, every customer is notified', async () => {
    const { userId, records } = await thousandOrders();
    await using server = await startSmtpStub({ toMail: hangsAtTenth(1) });
    expect(await setUp(server.url, timeoutMs).run(records)).toEqual({ handled: 1_000, deadLettered: [] });
    expect(new Set(server.taken.map(orderOf)).size).toBe(1_000);
    expect(await countOf(userId)).toEqual({ SENT: 1_000 });
    expect(server.connections.most).toBeLessThanOrEqual(2 * atOnce);
  }, 60_000);

  it('when it does not accept them for now, the others are notified, and only every tenth when redelivered', async () => {
    const { userId, records } = await thousandOrders();
    await using server = await startSmtpStub({ toMail: hangsAtTenth(3) });
    const { run, publisher } = setUp(server.url, timeoutMs);
    expect((await run(records)).handled).toBe(900);
    expect(publisher.published).toHaveLength(100);
    expect(await countOf(userId)).toEqual({ SENT: 900, PENDING: 100 });

    const takenBefore = server.taken.length;
    expect(await run(records)).toEqual({ handled: 1_000, deadLettered: [] });
    expect(server.taken.slice(takenBefore).every(isTenth)).toBe(true);
    expect(new Set(server.taken.map(orderOf)).size).toBe(1_000);
    expect(await countOf(userId)).toEqual({ SENT: 1_000 });
  }, 60_000);
});

describe('when two invocations get the same 1,000 orders at once', () => {
  it('nobody is notified twice, and the later invocation fails, to be redelivered', async () => {
    const { userId, records } = await thousandOrders();
    await using server = await startSmtpStub();
    const outcomes = await Promise.allSettled([1, 2].map(() => setUp(server.url).run(records)));
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as Error] : [],
    );
    expect(reasons.length).toBeLessThanOrEqual(1);
    for (const reason of reasons) expect(reason.name).toBe('NotificationClaimedError');
    expect(server.taken).toHaveLength(1_000);
    expect(await countOf(userId)).toEqual({ SENT: 1_000 });
    expect(await setUp(server.url).run(records)).toEqual({ handled: 1_000, deadLettered: [] });
    expect(server.taken).toHaveLength(1_000);
  }, 60_000);
});

describe('when the mail server is down', () => {
  it('the invocation fails, nothing is dead-lettered, and all are notified once it is back', async () => {
    const { userId, records } = await thousandOrders();
    const gone = await startSmtpStub();
    await gone[Symbol.asyncDispose]();
    const { run, publisher } = setUp(gone.url);
    await expect(run(records)).rejects.toMatchObject({ name: 'NotificationProviderUnavailableError' });
    expect(publisher.published).toEqual([]);
    expect(await countOf(userId)).toEqual({ PENDING: 1_000 });

    await using server = await startSmtpStub();
    await setUp(server.url).run(records);
    expect(server.taken).toHaveLength(1_000);
    expect(await countOf(userId)).toEqual({ SENT: 1_000 });
  }, 60_000);

  it('when it permanently refuses every tenth address, those are FAILED and no record is dead-lettered', async () => {
    const { userId, records } = await thousandOrders();
    await using server = await startSmtpStub({ toMail: (mail) => (isTenth(mail) ? { code: 550 } : 'take') });
    expect(await setUp(server.url).run(records)).toEqual({ handled: 1_000, deadLettered: [] });
    expect(await countOf(userId)).toEqual({ SENT: 900, FAILED: 100 });
  }, 60_000);
});
