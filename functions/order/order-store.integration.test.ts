import { randomUUID } from 'node:crypto';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { createOrderStore, type OrderPage, type Placement } from './order-store.ts';
import type { OutboxRow } from './outbox-row.ts';

const connect = () => createDatabase(process.env['DATABASE_URL'] ?? '');
const database = connect();
const store = createOrderStore(database);

const occurrence = () => occurrenceAt(new Date('2026-11-22T10:00:00.000Z'), undefined);

function placement(rest: Partial<Placement> = {}): Placement {
  const order = { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
  return { ...order, occurrence: occurrence(), idempotency: undefined, ...rest };
}

async function placed(rest: Partial<Placement> = {}): Promise<{ orderId: number; outboxRow: OutboxRow }> {
  const result = await store.place(placement(rest));
  if (result.outcome !== 'placed') throw new Error(`the order was ${result.outcome}`);
  return result;
}

const statusOf = async (orderId: number) => (await store.find(orderId))?.status;
const cancel = (orderId: number, ownerId?: number) => store.cancel(orderId, occurrence(), ownerId);
/** What every order here is of. */
const subject = { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
const confirm = (orderId: number) => store.settle([{ ...subject, orderId, status: 'CONFIRMED' }], new Date());
const reject = (orderId: number) =>
  store.settle(
    [{ ...subject, orderId, status: 'REJECTED', rejection: { reason: 'UNKNOWN_SKU' } }],
    new Date(),
  );

afterAll(closeClients);

describe('placing an order', () => {
  it('when it is placed, the order and its event are stored, and the event names the order', async () => {
    const { orderId, outboxRow } = await placed();
    expect(await store.find(orderId)).toMatchObject({
      userId: 42,
      status: 'PENDING',
      items: [{ sku: 'ABC-001', qty: 2 }],
    });
    expect(JSON.parse(outboxRow.event.payload)).toEqual({
      orderId,
      userId: 42,
      items: [{ sku: 'ABC-001', qty: 2 }],
      createdAt: '2026-11-22T10:00:00.000Z',
    });
    expect(outboxRow.event).toMatchObject({ topic: 'order.created', key: String(orderId) });
  });

  it('when the same key and body are sent again, replays the first order and announces nothing', async () => {
    const idempotency = { key: randomUUID(), digest: 'd' };
    const first = await placed({ idempotency });
    expect(await store.place(placement({ idempotency }))).toEqual({
      outcome: 'replayed',
      orderId: first.orderId,
      sameRequest: true,
    });
  });

  it('when the key is sent with another body, says so', async () => {
    const key = randomUUID();
    await placed({ idempotency: { key, digest: 'd' } });
    const again = await store.place(placement({ idempotency: { key, digest: 'e' } }));
    expect(again).toMatchObject({ outcome: 'replayed', sameRequest: false });
  });

  it('when two users send the same key, each gets an order of their own', async () => {
    const idempotency = { key: randomUUID(), digest: 'd' };
    const first = await placed({ userId: 42, idempotency });
    const second = await placed({ userId: 43, idempotency });
    expect(second.orderId).not.toBe(first.orderId);
    expect(await store.place(placement({ userId: 43, idempotency }))).toEqual({
      outcome: 'replayed',
      orderId: second.orderId,
      sameRequest: true,
    });
  });

  it('when a request with the same key is in progress, says so, and the key stays usable', async () => {
    const idempotency = { key: randomUUID(), digest: 'd' };
    const other = connect();
    await other.transaction(async (transaction) => {
      await transaction.query(
        `SELECT pg_advisory_xact_lock(hashtextextended(user_id || ' ' || $1, 0)) FROM (VALUES (42)) AS u (user_id)`,
        [idempotency.key],
      );
      expect(await store.place(placement({ idempotency }))).toEqual({ outcome: 'in-flight' });
    });
    expect(await store.place(placement({ idempotency }))).toMatchObject({ outcome: 'placed' });
  });

  it('when twenty requests with one key race, exactly one order results', async () => {
    const idempotency = { key: randomUUID(), digest: 'd' };
    const stores = Array.from({ length: 5 }, () => createOrderStore(connect()));
    const results = await Promise.all(
      stores.flatMap((one) => Array.from({ length: 4 }, () => one.place(placement({ idempotency })))),
    );
    expect(results.filter((result) => result.outcome === 'placed')).toHaveLength(1);
  });
});

describe('settling orders', () => {
  it('when inventory confirmed one and rejected another, each moves, the rejection kept', async () => {
    const [good, bad] = [await placed(), await placed()];
    const rejection = {
      reason: 'OUT_OF_STOCK',
      shortages: [{ sku: 'ABC-001', requested: 2, available: 1 }],
    } as const;
    const unsettled = await store.settle(
      [
        { ...subject, orderId: good.orderId, status: 'CONFIRMED' },
        { ...subject, orderId: bad.orderId, status: 'REJECTED', rejection },
      ],
      new Date(),
    );
    expect(unsettled).toEqual({ unknown: [], contradicted: [] });
    expect(await store.find(good.orderId)).not.toHaveProperty('rejection');
    expect(await store.find(bad.orderId)).toMatchObject({ status: 'REJECTED', rejection });
    expect(await statusOf(good.orderId)).toBe('CONFIRMED');
  });

  it('when an order was settled before, it stays as it is', async () => {
    const { orderId } = await placed();
    await confirm(orderId);
    await reject(orderId);
    expect(await statusOf(orderId)).toBe('CONFIRMED');
  });

  it('when an order is unknown, names it', async () => {
    expect(await confirm(900_000_123)).toMatchObject({ unknown: [{ orderId: 900_000_123 }] });
  });

  it.each([
    ['another user', { userId: 43 }],
    ['other items', { items: [{ sku: 'ABC-001', qty: 1 }] }],
  ])('when an outcome under its id is of %s, the order waits for its own', async (_, other) => {
    const { orderId } = await placed();
    const settlement = { ...subject, ...other, orderId, status: 'CONFIRMED' } as const;
    expect(await store.settle([settlement], new Date())).toEqual({ unknown: [], contradicted: [settlement] });
    expect(await statusOf(orderId)).toBe('PENDING');
    expect(await confirm(orderId)).toEqual({ unknown: [], contradicted: [] });
    expect(await statusOf(orderId)).toBe('CONFIRMED');
  });
});

describe('cancelling an order', () => {
  it('when it waits or is confirmed, cancels it and announces it with its user', async () => {
    const [waiting, confirmed] = [await placed(), await placed()];
    await confirm(confirmed.orderId);
    for (const { orderId } of [waiting, confirmed]) {
      const result = await cancel(orderId);
      expect(
        result.outcome === 'cancelled' && JSON.parse(result.outboxRow?.event.payload ?? ''),
      ).toMatchObject({
        orderId,
        userId: 42,
      });
      expect(await statusOf(orderId)).toBe('CANCELLED');
    }
  });

  it('when it was cancelled before, answers the same and announces nothing', async () => {
    const { orderId } = await placed();
    await cancel(orderId);
    expect(await cancel(orderId)).toEqual({ outcome: 'cancelled', outboxRow: undefined });
  });

  it('when it was rejected, refuses; when it is unknown, says so', async () => {
    const { orderId } = await placed();
    await reject(orderId);
    expect(await cancel(orderId)).toEqual({ outcome: 'rejected-before' });
    expect(await cancel(900_000_124)).toEqual({ outcome: 'unknown' });
  });

  it('when the outcome comes after the cancel, the order stays cancelled', async () => {
    const { orderId } = await placed();
    await cancel(orderId);
    await confirm(orderId);
    expect(await statusOf(orderId)).toBe('CANCELLED');
  });
});

describe('listing orders', () => {
  const listOf = (page: Partial<OrderPage>) =>
    store.list({ userId: undefined, status: undefined, before: undefined, limit: 100, ...page });

  it('when there are several, returns them newest first, starting from the requested one', async () => {
    const userId = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
    const ids = [await placed({ userId }), await placed({ userId }), await placed({ userId })].map(
      (one) => one.orderId,
    );
    const [first, second, third] = ids as [number, number, number];
    expect((await listOf({ userId, limit: 2 })).map(({ orderId }) => orderId)).toEqual([third, second]);
    expect((await listOf({ userId, before: second, limit: 2 })).map(({ orderId }) => orderId)).toEqual([
      first,
    ]);
  });
});

describe('cancelling as a customer', () => {
  it("when the order is someone else's, nothing happens to it, as if there were none", async () => {
    const userId = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
    const { orderId } = await placed({ userId });
    expect(await cancel(orderId, userId + 1)).toEqual({ outcome: 'unknown' });
    expect(await statusOf(orderId)).toBe('PENDING');
    expect(await cancel(orderId, userId)).toMatchObject({ outcome: 'cancelled' });
  });
});

describe('the outbox', () => {
  /** Later than every row of this file, so that the relay takes all of them. */
  const writtenBefore = new Date('2030-01-01T00:00:00.000Z');
  const orAfter = writtenBefore;

  async function relayed(limit = 1_000): Promise<OutboxRow[]> {
    const rows: OutboxRow[] = [];
    await store.relay(
      (taken) => {
        rows.push(...taken);
        return Promise.resolve(taken);
      },
      { aboveId: 0, writtenBefore, orAfter, limit },
    );
    return rows;
  }

  it('when rows were left behind, the relay publishes them as the requests would have, and removes them', async () => {
    await relayed();
    const { orderId, outboxRow } = await placed();
    const result = await cancel(orderId);
    const cancelled = result.outcome === 'cancelled' ? result.outboxRow : undefined;
    expect(cancelled?.event.topic).toBe('order.cancelled');
    expect(await relayed()).toEqual([outboxRow, cancelled]);
    expect(await relayed()).toEqual([]);
  });

  it('when the clock was set back after a row was written, the relay still takes it, and none just written', async () => {
    await relayed();
    const { outboxRow } = await placed();
    const { time } = outboxRow.event;
    const at = (ms: number) => new Date(time.getTime() + ms);
    const taken: number[] = [];
    const take = (rows: readonly OutboxRow[]) => {
      taken.push(...rows.map(({ outboxId }) => outboxId));
      return Promise.resolve(rows);
    };
    await store.relay(take, { aboveId: 0, writtenBefore: at(-1), orAfter: at(1), limit: 10 });
    expect(taken).toEqual([]);
    await store.relay(take, {
      aboveId: 0,
      writtenBefore: at(-3_600_000),
      orAfter: at(-3_599_000),
      limit: 10,
    });
    expect(taken).toEqual([outboxRow.outboxId]);
  });

  it('when Kafka acknowledged only some rows, the others stay, and a run continues above them', async () => {
    await relayed();
    const refused = (await placed()).outboxRow;
    const { outboxRow } = await placed();
    const batch = { aboveId: 0, writtenBefore, orAfter, limit: 1 };
    const first = await store.relay(() => Promise.resolve([]), batch);
    expect(first).toEqual({ taken: 1, published: 0, highestId: refused.outboxId });
    const second = await store.relay((rows) => Promise.resolve(rows), { ...batch, aboveId: first.highestId });
    expect(second).toEqual({ taken: 1, published: 1, highestId: outboxRow.outboxId });
    expect((await relayed()).map(({ outboxId }) => outboxId)).toEqual([refused.outboxId]);
  });

  it('when the publish fails, the rows stay', async () => {
    const { outboxRow } = await placed();
    const failing = store.relay(() => Promise.reject(new Error('unreachable')), {
      aboveId: 0,
      writtenBefore,
      orAfter,
      limit: 10,
    });
    await expect(failing).rejects.toThrow('unreachable');
    expect((await relayed()).map(({ outboxId }) => outboxId)).toEqual([outboxRow.outboxId]);
  });

  it('when two relays run at once, no row is taken by both', async () => {
    await Promise.all([placed(), placed(), placed(), placed()]);
    const other = createOrderStore(connect());
    const taken: number[] = [];
    const take = (rows: readonly OutboxRow[]) => {
      taken.push(...rows.map(({ outboxId }) => outboxId));
      return Promise.resolve(rows);
    };
    const batch = { aboveId: 0, writtenBefore, orAfter, limit: 2 };
    await Promise.all([store.relay(take, batch), other.relay(take, batch)]);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('when a row was removed after its publish, the relay finds nothing', async () => {
    await relayed();
    const { outboxRow } = await placed();
    await store.removeFromOutbox([outboxRow.outboxId]);
    expect(await relayed()).toEqual([]);
  });
});
