import { inventoryRecord, outcomeEvent, releasedEvent } from '../functions/inventory/inventory-event.ts';
import type { Decision } from '../functions/inventory/reservation.ts';
import { cancelledEvent, createdEvent, orderRecord } from '../functions/order/order-event.ts';
import { isDeadLetterTopic } from '../lib/contracts/contract.ts';
import { inventoryRejected } from '../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../lib/contracts/inventory-reserved.ts';
import { orderCancelled } from '../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../lib/contracts/order-created.ts';
import { topics } from '../lib/contracts/topics.ts';
import { consume } from '../lib/kafka/consume.ts';
import { occurrenceAt } from '../lib/kafka/event.ts';
import type { OutgoingRecord } from '../lib/kafka/records.ts';
import { valueOf } from '../test/support/fake-publisher.ts';
import { invocation, record } from '../test/support/record.ts';

const contracts = [orderCreated, orderCancelled, inventoryReserved, inventoryRejected, inventoryReleased];
const time = new Date('2026-11-22T10:00:00.000Z');
const moment = '2026-11-22T10:00:00.000Z';
const occurrence = occurrenceAt(time, undefined);
const order = { orderId: 7, userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
const shortages = [{ sku: 'ABC-001', requested: 2, available: 1 }];
const outcome = (decision: Decision) =>
  inventoryRecord(outcomeEvent({ demand: order, decision }, occurrence));

/** Every event as its service writes it, and the value that its consumers are to read. */
const written: readonly (readonly [OutgoingRecord, object])[] = [
  [orderRecord(createdEvent(order, occurrence)), { ...order, createdAt: moment }],
  [orderRecord(cancelledEvent(order, occurrence)), { orderId: 7, userId: 42, cancelledAt: moment }],
  [outcome({ status: 'RESERVED' }), { ...order, reservedAt: moment }],
  [
    outcome({ status: 'REJECTED', reason: 'UNKNOWN_SKU' }),
    { ...order, reason: 'UNKNOWN_SKU', rejectedAt: moment },
  ],
  [
    outcome({ status: 'REJECTED', reason: 'OUT_OF_STOCK', shortages }),
    { ...order, reason: 'OUT_OF_STOCK', shortages, rejectedAt: moment },
  ],
  [inventoryRecord(releasedEvent(order, occurrence)), { ...order, releasedAt: moment }],
];

describe('the events that the services write', () => {
  it.each(written.map(([outgoing, value]) => [outgoing.topic, outgoing, value] as const))(
    'when one of %s is consumed, its contract reads the value that was written',
    async (topic, outgoing, value) => {
      const values: unknown[] = [];
      const handle = consume(contracts, (messages) => {
        values.push(...messages.map((message) => message.value));
        return Promise.resolve();
      });
      await handle([record(topic, valueOf(outgoing))], invocation);
      expect(values).toEqual([value]);
      expect(outgoing.key).toBe('7');
    },
  );

  it('when a topic is added, its event belongs here', () => {
    const events = topics.filter((topic) => !isDeadLetterTopic(topic));
    expect(new Set(written.map(([{ topic }]) => topic))).toEqual(new Set(events));
  });
});
