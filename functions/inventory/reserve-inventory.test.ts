import { orderCreated } from '../../lib/contracts/order-created.ts';
import { consume } from '../../lib/kafka/consume.ts';
import type { Event } from '../../lib/kafka/event.ts';
import { RecordsFailedError } from '../../lib/kafka/failures.ts';
import { recordsOf } from '../../lib/kafka/records.ts';
import { environment } from '../../test/support/environment.ts';
import { awayPublisher, fakePublisher, valueOf } from '../../test/support/fake-publisher.ts';
import { invocation, record } from '../../test/support/record.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import type { InventoryStore } from './inventory-store.ts';
import { planReservations } from './reservation.ts';

environment();
const { reserveInventory } = await import('./reserve-inventory.ts');

/** Remembers decisions as the database does, with stock that never runs out except for ABC-002. */
function memoryStore(): Pick<InventoryStore, 'reserve'> {
  const remembered = new Map<number, Event>();
  const stock = [
    { sku: 'ABC-001', onHand: 1_000, reserved: 0 },
    { sku: 'ABC-002', onHand: 0, reserved: 0 },
  ];
  return {
    reserve: (demands, announce) => {
      const fresh = demands.filter(({ orderId }) => !remembered.has(orderId));
      for (const decided of planReservations(fresh, stock, new Set()).decided) {
        remembered.set(decided.demand.orderId, announce(decided));
      }
      const events = demands.flatMap(({ orderId }) => remembered.get(orderId) ?? []);
      return Promise.resolve({ events, contradicted: new Set<number>() });
    },
  };
}

function setUp(store = memoryStore()) {
  const publisher = fakePublisher();
  const now = () => new Date('2026-11-22T10:00:01.000Z');
  const handle = consume([orderCreated], reserveInventory({ store, publisher, faultSku: 'FAIL', now }));
  const run = (name: string) => handle(recordsOf(kafkaSample('reserveInventory', name)), invocation);
  return { run, publisher };
}

describe('when an order was created', () => {
  it('when stock suffices, publishes inventory.reserved with the order as its key', async () => {
    const { run, publisher } = setUp();
    await run('order-created');
    expect(publisher.published).toHaveLength(1);
    expect(publisher.published[0]).toMatchObject({ topic: 'inventory.reserved', key: '900000001' });
    expect(valueOf(publisher.published[0])).toEqual({
      orderId: 900_000_001,
      userId: 42,
      items: [{ sku: 'ABC-001', qty: 2 }],
      reservedAt: '2026-11-22T10:00:01.000Z',
    });
  });

  it('when stock is short, publishes inventory.rejected with the shortage', async () => {
    const { run, publisher } = setUp();
    await run('out-of-stock');
    expect(publisher.published[0]?.topic).toBe('inventory.rejected');
    expect(valueOf(publisher.published[0])).toMatchObject({
      reason: 'OUT_OF_STOCK',
      shortages: [{ sku: 'ABC-002', requested: 1, available: 0 }],
    });
  });

  it('when the same order arrives twice, publishes the very same outcome again', async () => {
    const { run, publisher } = setUp();
    await run('order-created');
    await run('duplicate');
    expect(publisher.published).toHaveLength(2);
    expect(publisher.published[1]).toEqual(publisher.published[0]);
  });

  it('when the record carries a trace, the outcome continues it with a new span', async () => {
    const { run, publisher } = setUp();
    await run('order-created');
    const header = publisher.published[0]?.headers
      .find(({ name }) => name === 'traceparent')
      ?.value.toString();
    expect(header).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  });

  it('when a batch is mixed, decides the valid orders and names only the faulty and the unreadable record', async () => {
    const { run, publisher } = setUp();
    const failed = await run('mixed-batch').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(RecordsFailedError);
    const { failures } = failed as RecordsFailedError;
    expect(failures.map(({ record, error }) => [record.offset, (error as Error).name])).toEqual([
      [24, 'InvalidRecordError'],
      [23, 'FaultInjectedError'],
    ]);
    expect(publisher.published.map(({ topic }) => topic)).toEqual([
      'inventory.reserved',
      'inventory.reserved',
      'inventory.rejected',
    ]);
  });

  it('when Kafka is down, fails as a whole, so that the trigger redelivers', async () => {
    const now = () => new Date();
    const handle = consume(
      [orderCreated],
      reserveInventory({ store: memoryStore(), publisher: awayPublisher, faultSku: undefined, now }),
    );
    const records = recordsOf(kafkaSample('reserveInventory', 'order-created'));
    await expect(handle(records, invocation)).rejects.toMatchObject({ code: 'OPENORDER_BROKER_UNAVAILABLE' });
  });

  it('when no fault SKU is set, an order for FAIL is an order for an unknown SKU', async () => {
    const publisher = fakePublisher();
    const reserve = reserveInventory({
      store: memoryStore(),
      publisher,
      faultSku: undefined,
      now: () => new Date(),
    });
    await consume([orderCreated], reserve)(recordsOf(kafkaSample('reserveInventory', 'fault')), invocation);
    expect(valueOf(publisher.published[0])).toMatchObject({ reason: 'UNKNOWN_SKU' });
  });

  it('when a batch holds two orders under one id, decides the first and names the other as permanently failed', async () => {
    const publisher = fakePublisher();
    const now = () => new Date('2026-11-22T10:00:01.000Z');
    const handle = consume(
      [orderCreated],
      reserveInventory({ store: memoryStore(), publisher, faultSku: undefined, now }),
    );
    const order = (offset: number, sku: string) =>
      record(
        'order.created',
        { orderId: 7, userId: 42, items: [{ sku, qty: 1 }], createdAt: now() },
        { offset },
      );
    const failed = await handle(
      [order(0, 'ABC-001'), order(1, 'NO-SUCH'), order(2, 'ABC-001')],
      invocation,
    ).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      failures: [{ record: { offset: 1 }, error: { code: 'OPENORDER_ORDER_CONTRADICTED' } }],
    });
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['inventory.reserved']);
  });
});
