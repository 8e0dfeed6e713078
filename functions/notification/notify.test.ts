import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { consume } from '../../lib/kafka/consume.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { type KafkaRecord, recordsOf } from '../../lib/kafka/records.ts';
import { environment } from '../../test/support/environment.ts';
import { fakePublisher } from '../../test/support/fake-publisher.ts';
import { invocation, record } from '../../test/support/record.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import {
  NotificationAddressGoneError,
  NotificationProviderUnavailableError,
  NotificationRefusedError,
  NotificationUnreachableError,
} from './errors.ts';
import type { Channel, ChannelName, Channels, Outgoing } from './channels/channel.ts';
import type { AddressStore, GoneAddress } from './address-store.ts';
import type {
  Claim,
  DeliveryKey,
  NotificationStore,
  OpenDelivery,
  Conclusion,
} from './notification-store.ts';
import type { HostConduct } from './send-to-addresses.ts';

environment();
const { notify } = await import('./notify.ts');

type Store = Pick<NotificationStore, 'claim' | 'conclude'>;

const keyOf = ({ orderId, kind, channel }: DeliveryKey) => `${orderId} ${kind} ${channel}`;

interface Row {
  readonly status: string;
  readonly claim?: string | undefined;
  readonly attempts: number;
  readonly retryAfterMs?: number | undefined;
}

/** Remembers deliveries as the database does. User 42 has the given contacts; everyone else has none. */
function memoryStore(contacts: Partial<Record<ChannelName, string>> = { email: 'user42@example.com' }) {
  const rows = new Map<string, Row>();
  let claims = 0;
  const store: Store = {
    claim: (owed): Promise<Claim> => {
      const id = `claim-${++claims}`;
      const open = owed.flatMap(({ orderId, kind, userId }) =>
        Object.entries(userId === 42 ? contacts : {}).map(([channel, address]): OpenDelivery => ({
          orderId,
          kind,
          channel: channel as ChannelName,
          address,
          secrets: [],
          language: 'en',
          attempts: 0,
        })),
      );
      for (const one of open)
        if (!rows.has(keyOf(one))) rows.set(keyOf(one), { status: 'PENDING', attempts: 0 });
      const pending = open.filter((one) => rows.get(keyOf(one))?.status === 'PENDING');
      const others = pending.filter((one) => rows.get(keyOf(one))?.claim !== undefined);
      const mine = pending.filter((one) => !others.includes(one));
      for (const one of mine)
        rows.set(keyOf(one), { status: 'PENDING', attempts: 0, ...rows.get(keyOf(one)), claim: id });
      return Promise.resolve({ id, mine, others });
    },
    conclude: (_claim, conclusions: readonly Conclusion[]) => {
      for (const { delivery, status, attempts, retry } of conclusions) {
        const before = rows.get(keyOf(delivery))?.attempts ?? 0;
        rows.set(keyOf(delivery), { status, attempts: before + attempts, retryAfterMs: retry?.afterMs });
      }
      return Promise.resolve();
    },
  };
  return { store, rows, statusOf: (key: string) => rows.get(key)?.status };
}

/** Keeps what is recorded about customers' own addresses; `silent` are the hosts that do not answer. */
function memoryAddressStore(...silent: string[]) {
  const conduct: HostConduct[] = [];
  const gone: GoneAddress[] = [];
  const addressStore: Pick<AddressStore, 'silentHosts' | 'noteConduct' | 'removeGone'> = {
    silentHosts: () => Promise.resolve(new Set(silent)),
    noteConduct: (hosts) => {
      conduct.push(...hosts);
      return Promise.resolve();
    },
    removeGone: (addresses) => {
      gone.push(...addresses);
      return Promise.resolve([...addresses]);
    },
  };
  return { addressStore, conduct, gone };
}

/** A channel that sends with the given function and records what it was asked to send. */
function channel(send: (outgoing: Outgoing) => Promise<string | undefined> = () => Promise.resolve('id')) {
  const asked: Outgoing[] = [];
  const port: Channel = {
    send: (outgoing) => {
      asked.push(outgoing);
      return send(outgoing);
    },
  };
  return { asked, load: () => Promise.resolve(port) };
}

function setUp(
  channels: Channels,
  memory = memoryStore(),
  { remainingMs = (): number => 60_000, addressStore = memoryAddressStore().addressStore } = {},
) {
  const handler = consume(
    [inventoryReserved, inventoryRejected, inventoryReleased],
    notify({ store: memory.store, addressStore, channels, atOnce: 3, sendTimeoutMs: 50 }),
  );
  const handle = (records: readonly KafkaRecord[]) => handler(records, { remainingMs });
  return {
    ...memory,
    handler,
    handle,
    run: (name: string) => handle(recordsOf(kafkaSample('notify', name))),
  };
}

const reserved = (orderId: number, offset = orderId) =>
  record(
    'inventory.reserved',
    { orderId, userId: 42, items: [{ sku: 'ABC-001', qty: 1 }], reservedAt: '2026-11-22T10:00:00.000Z' },
    { offset },
  );

const never = () => new Promise<string>(() => undefined);

describe('when inventory has decided', () => {
  it.each([
    ['inventory-reserved', { kind: 'reserved' }],
    [
      'inventory-rejected',
      {
        kind: 'rejected',
        reason: 'OUT_OF_STOCK',
        shortages: [{ sku: 'ABC-002', requested: 2, available: 0 }],
      },
    ],
    ['unknown-sku', { kind: 'rejected', reason: 'UNKNOWN_SKU', shortages: [] }],
    ['inventory-released', { kind: 'released' }],
  ])('when it is %s, notifies the customer through each contact', async (name, notice) => {
    const [email, sms] = [channel(), channel()];
    const memory = memoryStore({ email: 'user42@example.com', sms: '+821012345678' });
    await setUp({ email: email.load, sms: sms.load }, memory).run(name);
    expect(email.asked).toMatchObject([{ address: 'user42@example.com', notice }]);
    expect(sms.asked).toMatchObject([{ address: '+821012345678', notice }]);
    expect([...memory.rows.values()].map(({ status }) => status)).toEqual(['SENT', 'SENT']);
  });

  it('when the order was cancelled before it was reserved, notifies nobody', async () => {
    const { asked, load } = channel();
    const { rows, run } = setUp({ email: load });
    await run('order-cancelled-first');
    expect(asked).toEqual([]);
    expect(rows.size).toBe(0);
  });

  it('when nobody in the batch can be notified, loads no channel', async () => {
    const load = () => Promise.reject(new Error('loaded'));
    await setUp({ email: load }).run('no-contact');
  });

  it('when the same record occurs twice in a batch, notifies once', async () => {
    const { asked, load } = channel();
    await setUp({ email: load }).run('duplicate');
    expect(asked).toHaveLength(1);
  });

  it('when a batch is redelivered, sends nothing twice', async () => {
    const { asked, load } = channel();
    const { run } = setUp({ email: load });
    await run('inventory-reserved');
    await run('inventory-reserved');
    expect(asked).toHaveLength(1);
  });

  it('when a record violates its schema, names it', async () => {
    await expect(setUp({ email: channel().load }).run('invalid')).rejects.toMatchObject({
      failures: [{ error: { name: 'InvalidRecordError' } }],
    });
  });

  it('when one record of a batch is not JSON, names it and notifies the others', async () => {
    const { asked, load } = channel();
    await expect(setUp({ email: load }).run('mixed-batch')).rejects.toMatchObject({
      failures: [{ record: { offset: 6 }, error: { name: 'InvalidRecordError' } }],
    });
    expect(asked.map(({ orderId }) => orderId)).toEqual([900_000_108, 900_000_111]);
  });
});

describe('when a provider does not accept a message', () => {
  const failingFor = (orderId: number, fail: () => Promise<string>) =>
    channel((outgoing) => (outgoing.orderId === orderId ? fail() : Promise.resolve('id')));

  it('when it refuses permanently, records FAILED and fails no record', async () => {
    const { load } = failingFor(2, () => Promise.reject(new NotificationRefusedError('no such mailbox')));
    const { handle, statusOf } = setUp({ email: load });
    await handle([reserved(1), reserved(2), reserved(3)]);
    expect([1, 2, 3].map((id) => statusOf(`${id} reserved email`))).toEqual(['SENT', 'FAILED', 'SENT']);
  });

  it('when it refuses temporarily, names the record and marks the others sent', async () => {
    const { load } = failingFor(2, () => Promise.reject(new Error('mailbox full')));
    const { handle, statusOf } = setUp({ email: load });
    await expect(handle([reserved(1), reserved(2), reserved(3)])).rejects.toMatchObject({
      failures: [
        { record: { offset: 2 }, error: { name: 'NotificationDeferredError', disposition: 'transient' } },
      ],
    });
    expect([1, 2, 3].map((id) => statusOf(`${id} reserved email`))).toEqual(['SENT', 'PENDING', 'SENT']);
  });

  it('when it hangs, gives up after the timeout and names the record', async () => {
    const { load } = failingFor(2, never);
    const { handle, statusOf } = setUp({ email: load });
    await expect(handle([reserved(1), reserved(2), reserved(3)])).rejects.toMatchObject({
      failures: [
        { record: { offset: 2 }, error: { name: 'NotificationTimeoutError', disposition: 'transient' } },
      ],
    });
    expect(statusOf('3 reserved email')).toBe('SENT');
  });

  it('when it refuses a record that arrived twice, names both', async () => {
    const { load } = failingFor(2, () => Promise.reject(new Error('mailbox full')));
    await expect(setUp({ email: load }).handle([reserved(2, 7), reserved(2, 8)])).rejects.toMatchObject({
      failures: [{ record: { offset: 7 } }, { record: { offset: 8 } }],
    });
  });

  it('when two channels fail for one record, names it once', async () => {
    const { load } = channel(() => Promise.reject(new Error('busy')));
    const memory = memoryStore({ email: 'user42@example.com', sms: '+821012345678' });
    const { handle } = setUp({ email: load, sms: load }, memory);
    const failure = await handle([reserved(1)]).catch((error: unknown) => error);
    expect((failure as { failures: unknown[] }).failures).toHaveLength(1);
  });

  it('when it is down, stops using it, still sends through other channels, and fails the invocation', async () => {
    const email = channel(() => Promise.reject(new NotificationProviderUnavailableError('refused')));
    const sms = channel();
    const memory = memoryStore({ email: 'user42@example.com', sms: '+821012345678' });
    const { handle, statusOf } = setUp({ email: email.load, sms: sms.load }, memory);
    const orders = Array.from({ length: 20 }, (_, index) => reserved(index + 1));
    await expect(handle(orders)).rejects.toMatchObject({
      failures: Array.from({ length: 20 }, () => ({ error: { disposition: 'infrastructure' } })),
    });
    expect(email.asked.length).toBeLessThanOrEqual(3);
    expect(sms.asked).toHaveLength(20);
    expect(statusOf('20 reserved sms')).toBe('SENT');
  });

  it('when one record fails temporarily and the provider is back on the next attempt, sends only that one again', async () => {
    let failures = 1;
    const { asked, load } = channel((outgoing) =>
      outgoing.orderId === 2 && failures-- > 0 ? Promise.reject(new Error('busy')) : Promise.resolve('id'),
    );
    const publisher = fakePublisher();
    const { handler, statusOf } = setUp({ email: load });
    const destination = { publisher, consumerGroupOf: (topic: string) => topic, backOffMs: () => 1 };
    const summary = await withFailureDestination(handler, destination)(
      [reserved(1), reserved(2)],
      invocation,
    );
    expect(summary).toEqual({ handled: 2, deadLettered: [] });
    expect(asked.map(({ orderId }) => orderId)).toEqual([1, 2, 2]);
    expect(statusOf('2 reserved email')).toBe('SENT');
  });

  it('when one record keeps failing, dead-letters it alone', async () => {
    const { load } = failingFor(2, () => Promise.reject(new Error('busy')));
    const publisher = fakePublisher();
    const { handler, rows } = setUp({ email: load });
    const destination = { publisher, consumerGroupOf: (topic: string) => topic, backOffMs: () => 1 };
    await withFailureDestination(handler, destination)([reserved(1), reserved(2)], invocation);
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['inventory.reserved.DLT']);
    expect(rows.get('2 reserved email')).toMatchObject({ status: 'PENDING', attempts: 3 });
  });
});

describe("when a customer's own address does not accept a message", () => {
  const contacts = { email: 'user42@example.com', webhook: 'https://shop.example/hook' };
  const refusing = (error: Error) => channel(() => Promise.reject(error));

  it('when it is sent, everyone has already been notified by mail', async () => {
    const order: string[] = [];
    const noting = (name: string) =>
      channel(() => {
        order.push(name);
        return Promise.resolve('id');
      });
    const memory = memoryStore(contacts);
    const { handle } = setUp({ webhook: noting('webhook').load, email: noting('email').load }, memory);
    await handle([reserved(1), reserved(2)]);
    expect(order).toEqual(['email', 'email', 'webhook', 'webhook']);
  });

  it.each([
    ['refuses it temporarily', new Error('busy'), 1],
    ['does not answer', new NotificationUnreachableError('silent'), 0],
  ])('when it %s, fails no record and is left for later', async (_what, error, answered) => {
    const webhook = refusing(error);
    const { addressStore, conduct } = memoryAddressStore();
    const { handle, rows } = setUp({ email: channel().load, webhook: webhook.load }, memoryStore(contacts), {
      addressStore,
    });
    await handle([reserved(1)]);
    expect(rows.get('1 reserved email')).toMatchObject({ status: 'SENT' });
    expect(rows.get('1 reserved webhook')).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      retryAfterMs: 60_000,
    });
    expect(conduct).toEqual([{ host: 'shop.example', answered: answered === 1, unanswered: 1 - answered }]);
  });

  it('when its host is silent, it is not tried but left for later', async () => {
    const webhook = channel();
    const { addressStore, conduct } = memoryAddressStore('shop.example');
    const { handle, rows } = setUp({ webhook: webhook.load }, memoryStore(contacts), { addressStore });
    await handle([reserved(1)]);
    expect(webhook.asked).toEqual([]);
    expect(rows.get('1 reserved webhook')).toMatchObject({ status: 'PENDING', attempts: 0, retryAfterMs: 0 });
    expect(conduct).toEqual([]);
  });

  it('when it reports itself gone, it is removed from the contacts and not tried again', async () => {
    const webhook = refusing(new NotificationAddressGoneError('The address answered 410.'));
    const { addressStore, gone } = memoryAddressStore();
    const memory = memoryStore(contacts);
    const { handle, statusOf } = setUp({ webhook: webhook.load }, memory, { addressStore });
    await handle([reserved(1), reserved(2)]);
    expect(webhook.asked).toHaveLength(1);
    expect(gone).toEqual([{ userId: 42, channel: 'webhook', address: contacts.webhook }]);
    expect([1, 2].map((id) => statusOf(`${id} reserved webhook`))).toEqual(['FAILED', 'FAILED']);
  });

  it("when the invocation's time is short, it is left for later", async () => {
    const webhook = channel();
    const options = { remainingMs: () => 5_500 };
    const { handle, rows } = setUp({ webhook: webhook.load }, memoryStore(contacts), options);
    await handle([reserved(1)]);
    expect(webhook.asked).toEqual([]);
    expect(rows.get('1 reserved webhook')).toMatchObject({ status: 'PENDING', retryAfterMs: 0 });
  });
});

describe('when the time or another invocation stands in the way', () => {
  it('when too little of the invocation is left, sends nothing and fails it', async () => {
    const { asked, load } = channel();
    const { handle } = setUp({ email: load }, memoryStore(), { remainingMs: () => 5_020 });
    await expect(handle([reserved(1)])).rejects.toMatchObject({
      failures: [{ error: { name: 'InvocationTimeShortError', disposition: 'infrastructure' } }],
    });
    expect(asked).toEqual([]);
  });

  it('when another invocation is sending the message, leaves it to that one and fails the invocation', async () => {
    const memory = memoryStore();
    await memory.store.claim([{ orderId: 1, kind: 'reserved', userId: 42 }], ['email'], 30_000);
    const { asked, load } = channel();
    await expect(setUp({ email: load }, memory).handle([reserved(1), reserved(2)])).rejects.toMatchObject({
      failures: [
        { record: { offset: 1 }, error: { name: 'NotificationClaimedError', disposition: 'infrastructure' } },
      ],
    });
    expect(asked.map(({ orderId }) => orderId)).toEqual([2]);
  });

  it('when what was sent cannot be recorded, fails the invocation', async () => {
    const memory = memoryStore();
    const store: Store = { ...memory.store, conclude: () => Promise.reject(new Error('down')) };
    await expect(
      setUp({ email: channel().load }, { ...memory, store }).handle([reserved(1)]),
    ).rejects.toThrow('down');
  });
});
