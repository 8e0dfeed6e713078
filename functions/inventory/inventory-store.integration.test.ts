import { randomUUID } from 'node:crypto';
import { type Event, occurrenceAt } from '../../lib/kafka/event.ts';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { outcomeEvent, releasedEvent } from './inventory-event.ts';
import { createInventoryStore } from './inventory-store.ts';
import type { Decided, Demand } from './reservation.ts';

const connect = () => createInventoryStore(createDatabase(process.env['DATABASE_URL'] ?? ''));
const store = connect();

const announce = (decided: Decided) => outcomeEvent(decided, occurrenceAt(new Date(), undefined));
const announceRelease = (demand: Demand) => releasedEvent(demand, occurrenceAt(new Date(), undefined));
const reserve = async (...demands: Demand[]) => (await store.reserve(demands, announce)).events;
const release = (...orders: Demand[]) => store.release(orders, announceRelease);

let lastOrderId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);
const order = (sku: string, qty: number): Demand => ({
  orderId: ++lastOrderId,
  userId: 42,
  items: [{ sku, qty }],
});

async function newSku(onHand: number): Promise<string> {
  const sku = `T-${randomUUID()}`;
  await store.setOnHand(sku, onHand);
  return sku;
}

const stockOf = async (sku: string) =>
  (await store.listStock(undefined, 1_000)).find((row) => row.sku === sku);
const topics = (events: readonly Event[]) => events.map(({ topic }) => topic);
const reasons = (events: readonly Event[]) =>
  events.map(({ payload }) => (JSON.parse(payload) as { reason?: string }).reason);

afterAll(closeClients);

describe('reserving', () => {
  it('when stock suffices, reserves it and remembers the outcome', async () => {
    const sku = await newSku(5);
    expect(topics(await reserve(order(sku, 2)))).toEqual(['inventory.reserved']);
    expect(await stockOf(sku)).toEqual({ sku, onHand: 5, reserved: 2 });
  });

  it('when an order arrives again, returns the very same event and reserves nothing more', async () => {
    const sku = await newSku(5);
    const demand = order(sku, 2);
    const [first] = await reserve(demand);
    expect(await reserve(demand)).toEqual([first]);
    expect((await stockOf(sku))?.reserved).toBe(2);
  });

  it.each([
    ['user', { userId: 43 }],
    ['items', { items: [{ sku: 'NO-SUCH', qty: 500 }] }],
  ])(
    'when an order arrives under the id of one with another %s, decides nothing for it',
    async (_, other) => {
      const sku = await newSku(5);
      const decided = order(sku, 2);
      await reserve(decided);
      const sound = order(sku, 1);
      const { events, contradicted } = await store.reserve([{ ...decided, ...other }, sound], announce);
      expect([...contradicted]).toEqual([decided.orderId]);
      expect(events.map(({ key }) => key)).toEqual([String(sound.orderId)]);
      expect((await stockOf(sku))?.reserved).toBe(3);
    },
  );

  it('when stock has since arrived, a rejected order stays rejected', async () => {
    const sku = await newSku(0);
    const demand = order(sku, 1);
    const [rejected] = await reserve(demand);
    await store.setOnHand(sku, 10);
    expect(await reserve(demand)).toEqual([rejected]);
  });

  it('when old and new orders share a batch, returns all outcomes in the order of the batch', async () => {
    const sku = await newSku(3);
    const [a, b, c] = [order(sku, 1), order(sku, 5), order(sku, 2)];
    const [known] = await reserve(b);
    const events = await reserve(a, b, c);
    expect(events.map(({ key }) => Number(key))).toEqual([a.orderId, b.orderId, c.orderId]);
    expect(events[1]).toEqual(known);
    expect(await stockOf(sku)).toMatchObject({ reserved: 3 });
  });

  it('when two invocations have the same orders at once, they decide once and announce the same', async () => {
    const sku = await newSku(1_000);
    const demands = Array.from({ length: 50 }, () => order(sku, 1));
    const unknown = Array.from({ length: 50 }, () => order(`U-${randomUUID()}`, 1));
    const other = connect();
    const [first, second] = await Promise.all([
      store.reserve([...demands, ...unknown], announce),
      other.reserve([...demands, ...unknown].reverse(), announce),
    ]);
    expect(new Set(first.events.map(({ id }) => id))).toEqual(new Set(second.events.map(({ id }) => id)));
    expect((await stockOf(sku))?.reserved).toBe(50);
  });

  it('when batches share SKUs in opposite order, none deadlocks and nothing is lost', async () => {
    const [x, y] = [await newSku(10_000), await newSku(10_000)];
    const both = (...skus: string[]): Demand => ({
      ...order(x, 1),
      items: skus.map((sku) => ({ sku, qty: 1 })),
    });
    const others = [connect(), connect(), connect()];
    const rounds = Array.from({ length: 20 }, (_, round) =>
      Promise.all(others.map((one) => one.reserve([round % 2 ? both(x, y) : both(y, x)], announce))),
    );
    await Promise.all(rounds);
    expect([await stockOf(x), await stockOf(y)]).toMatchObject([{ reserved: 60 }, { reserved: 60 }]);
  });

  it('when 10,000 orders from several partitions want a SKU with stock for 3,333, exactly 3,333 units are reserved', async () => {
    const sku = await newSku(3_333);
    const demands = Array.from({ length: 10_000 }, () => order(sku, 1));
    const partitions = [0, 1, 2].map((partition) => demands.filter((_, index) => index % 3 === partition));
    const outcomes = await Promise.all(
      partitions.map(async (own) => {
        const lane = connect();
        const events: Event[] = [];
        for (let start = 0; start < own.length; start += 500) {
          events.push(...(await lane.reserve(own.slice(start, start + 500), announce)).events);
        }
        return events;
      }),
    );
    const count = (topic: string) => outcomes.flat().filter((event) => event.topic === topic).length;
    expect([count('inventory.reserved'), count('inventory.rejected')]).toEqual([3_333, 6_667]);
    expect(await stockOf(sku)).toEqual({ sku, onHand: 3_333, reserved: 3_333 });
  });
});

describe('releasing', () => {
  it('when a reserved order is cancelled, its stock is available again, and the event says so', async () => {
    const sku = await newSku(5);
    const demand = order(sku, 2);
    await reserve(demand);
    const events = await release(demand);
    expect(JSON.parse(events[0]?.payload ?? '')).toMatchObject({
      orderId: demand.orderId,
      items: demand.items,
    });
    expect(await stockOf(sku)).toEqual({ sku, onHand: 5, reserved: 0 });
  });

  it('when the cancel arrives again, returns the very same event and releases nothing more', async () => {
    const sku = await newSku(5);
    const [kept, gone] = [order(sku, 1), order(sku, 2)];
    await reserve(kept, gone);
    const first = await release(gone);
    expect(await release(gone)).toEqual(first);
    expect((await stockOf(sku))?.reserved).toBe(1);
  });

  it('when the order was rejected, there is nothing to release or to announce', async () => {
    const sku = await newSku(0);
    const demand = order(sku, 1);
    await reserve(demand);
    expect(await release(demand)).toEqual([]);
  });

  it('when the cancel arrives before the order, the late order is rejected, and stays so', async () => {
    const sku = await newSku(5);
    const demand = order(sku, 2);
    expect(await release(demand)).toEqual([]);
    const late = await reserve(demand);
    expect(reasons(late)).toEqual(['ORDER_CANCELLED']);
    expect(await reserve(demand)).toEqual(late);
    expect(await release(demand)).toEqual([]);
    expect((await stockOf(sku))?.reserved).toBe(0);
  });

  it('when order and cancel are handled at the same time, no unit stays reserved', async () => {
    const sku = await newSku(1_000);
    const demands = Array.from({ length: 40 }, () => order(sku, 1));
    const other = connect();
    await Promise.all(
      demands.map((demand) => Promise.all([reserve(demand), other.release([demand], announceRelease)])),
    );
    expect((await stockOf(sku))?.reserved).toBe(0);
  });
});

describe('looking up a reservation', () => {
  const decidedAt = new Date('2026-11-28T09:00:00.120Z');
  const decide = (...demands: Demand[]) =>
    store.reserve(demands, (decided) => outcomeEvent(decided, occurrenceAt(decidedAt, undefined)));

  it('when stock was reserved, says when; and when it is released, says that, too', async () => {
    const demand = order(await newSku(5), 2);
    await decide(demand);
    const reserved = { ...demand, status: 'RESERVED', decidedAt };
    expect(await store.findReservation(demand.orderId)).toEqual(reserved);
    const [event] = await release(demand);
    const released = { ...reserved, status: 'RELEASED', releasedAt: event?.time };
    expect(await store.findReservation(demand.orderId)).toEqual(released);
  });

  it('when stock was short, says of what and by how much', async () => {
    const sku = await newSku(1);
    const demand = order(sku, 3);
    await decide(demand);
    expect(await store.findReservation(demand.orderId)).toEqual({
      ...demand,
      status: 'REJECTED',
      reason: 'OUT_OF_STOCK',
      shortages: [{ sku, requested: 3, available: 1 }],
      decidedAt,
    });
  });

  it('when the article is unknown, there are no shortages', async () => {
    const demand = order(`U-${randomUUID()}`, 1);
    await decide(demand);
    expect(await store.findReservation(demand.orderId)).toEqual({
      ...demand,
      status: 'REJECTED',
      reason: 'UNKNOWN_SKU',
      decidedAt,
    });
  });

  it('when the cancel came first, knows items and a decision only once the order has arrived', async () => {
    const demand = order(await newSku(5), 2);
    await release(demand);
    const { orderId, userId } = demand;
    expect(await store.findReservation(orderId)).toEqual({ orderId, userId, status: 'CANCELLED' });
    await decide(demand);
    expect(await store.findReservation(orderId)).toEqual({
      ...demand,
      status: 'CANCELLED',
      reason: 'ORDER_CANCELLED',
      decidedAt,
    });
  });

  it('when inventory does not know the order, finds nothing', async () => {
    expect(await store.findReservation(order('NEVER-SENT', 1).orderId)).toBeUndefined();
  });
});

describe('setting stock', () => {
  it('when it would fall below what is reserved, refuses and changes nothing', async () => {
    const sku = await newSku(5);
    await reserve(order(sku, 3));
    expect(await store.setOnHand(sku, 2)).toBeUndefined();
    expect(await store.setOnHand(sku, 3)).toEqual({ sku, onHand: 3, reserved: 3 });
  });
});
