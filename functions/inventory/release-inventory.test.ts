import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { consume } from '../../lib/kafka/consume.ts';
import { recordsOf } from '../../lib/kafka/records.ts';
import { environment } from '../../test/support/environment.ts';
import { fakePublisher, valueOf } from '../../test/support/fake-publisher.ts';
import { invocation } from '../../test/support/record.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import type { InventoryStore } from './inventory-store.ts';
import type { Cancellation } from './releases.ts';

environment();
const { releaseInventory } = await import('./release-inventory.ts');

function setUp() {
  const publisher = fakePublisher();
  const asked: Cancellation[] = [];
  const store: Pick<InventoryStore, 'release'> = {
    release: (cancellations, announce) => {
      asked.push(...cancellations);
      const held = { orderId: 900_000_001, userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
      return Promise.resolve([announce(held)]);
    },
  };
  const now = () => new Date('2026-11-22T10:00:02.000Z');
  const handle = consume([orderCancelled], releaseInventory({ store, publisher, now }));
  return {
    publisher,
    asked,
    run: (name: string) => handle(recordsOf(kafkaSample('releaseInventory', name)), invocation),
  };
}

describe('when an order was cancelled', () => {
  it('when it held stock, publishes inventory.released', async () => {
    const { run, publisher } = setUp();
    await run('order-cancelled');
    expect(publisher.published[0]).toMatchObject({ topic: 'inventory.released', key: '900000001' });
    expect(valueOf(publisher.published[0])).toEqual({
      orderId: 900_000_001,
      userId: 42,
      items: [{ sku: 'ABC-001', qty: 2 }],
      releasedAt: '2026-11-22T10:00:02.000Z',
    });
  });

  it('when the same cancel occurs twice in a batch, releases once', async () => {
    const { run, asked } = setUp();
    await run('duplicate');
    expect(asked.map(({ orderId }) => orderId)).toEqual([900_000_001]);
  });

  it('when the record violates its schema, names it', async () => {
    await expect(setUp().run('invalid')).rejects.toMatchObject({
      failures: [{ error: { name: 'InvalidRecordError' } }],
    });
  });
});
