import type { ReceivedEvent } from '../../lib/kafka/consume.ts';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { environment } from '../../test/support/environment.ts';
import { record } from '../../test/support/record.ts';
import type { Unsettled } from './settle.ts';
import type { Settlement } from './order.ts';

environment();
const { settleOrder } = await import('./settle-order.ts');

const time = '2026-11-22T10:00:00.000Z';
const subject = { orderId: 7, userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };

function reserved(change: Partial<typeof subject> = {}): ReceivedEvent<typeof inventoryReserved> {
  const value = { ...subject, ...change, reservedAt: time };
  return { contract: inventoryReserved, record: record('inventory.reserved', value), value };
}

function rejected(): ReceivedEvent<typeof inventoryRejected> {
  const value = { ...subject, reason: 'UNKNOWN_SKU' as const, rejectedAt: time };
  return { contract: inventoryRejected, record: record('inventory.rejected', value), value };
}

/** Settles on a store that answers like this, and records what it was asked. */
function settling(answer: (settlements: readonly Settlement[]) => Partial<Unsettled> = () => ({})) {
  const asked: (readonly Settlement[])[] = [];
  const settle = settleOrder({
    store: {
      settle: (settlements) => {
        asked.push(settlements);
        return Promise.resolve({ unknown: [], contradicted: [], ...answer(settlements) });
      },
    },
    now: () => new Date(0),
  });
  return { settle, asked };
}

it('when an order has two outcomes, the first counts', async () => {
  const { settle, asked } = settling();
  await settle([reserved(), rejected()]);
  expect(asked).toEqual([[{ ...subject, status: 'CONFIRMED' }]]);
});

it('when an outcome is for another user, only that record fails, and the order gets its own', async () => {
  const { settle, asked } = settling((settlements) => ({
    contradicted: settlements.filter(({ userId }) => userId === 43),
  }));
  const [stray, own] = [reserved({ userId: 43 }), rejected()];
  await expect(settle([stray, own])).rejects.toMatchObject({
    failures: [{ record: stray.record, error: { code: 'OPENORDER_OUTCOME_CONTRADICTED' } }],
  });
  expect(asked[0]).toHaveLength(2);
});

it('when an order is unknown, that is not a failure', async () => {
  const { settle } = settling((settlements) => ({ unknown: settlements }));
  await expect(settle([reserved()])).resolves.toBeUndefined();
});
