import { repeatedRecords, violations, type Answered } from './invariants.ts';
import type { Snapshot, StoredRecord } from './snapshot.ts';

const items = [{ sku: 'ABC-001', qty: 2 }];
const order: Answered = { orderId: 7, userId: 42, items, cancel: 'not asked for', isFaulty: false };
const record = (topic: string, value = '{}'): StoredRecord => ({
  topic,
  key: '7',
  value,
  headers: [['ce_id', 'a']],
});
const created = record('order.created');
const reserved = record('inventory.reserved');
const sentAt = new Date('2026-11-22T10:00:01.000Z');
const mail = { name: 'order-7-reserved-email', receivedAt: new Date('2026-11-22T10:00:00.000Z') };

/** One order that was reserved, confirmed and notified. */
const kept: Snapshot = {
  orders: [{ orderId: 7, userId: 42, items, status: 'CONFIRMED', idempotencyKey: null }],
  outboxRows: 0,
  stock: [{ sku: 'ABC-001', onHand: 10, reserved: 2 }],
  reservations: [{ orderId: 7, status: 'RESERVED', items, outcomeTopic: 'inventory.reserved' }],
  deliveries: [{ orderId: 7, kind: 'reserved', channel: 'email', status: 'SENT', sentAt }],
  filed: [],
  records: [created, reserved],
  mails: [mail],
};

const kindsOf = (snapshot: Partial<Snapshot>, answered: Answered[] = [order]) =>
  violations(answered, { ...kept, ...snapshot }).map(({ kind }) => kind);

describe('the invariants', () => {
  it('when every promise was kept, find nothing', () => {
    expect(kindsOf({})).toEqual([]);
  });

  it('when identical events and mails arrived repeatedly before they were marked, find nothing', () => {
    const records = [created, reserved, reserved, created];
    expect(kindsOf({ records, mails: [mail, mail] })).toEqual([]);
    expect(repeatedRecords(records)).toBe(2);
  });

  it.each<[string, Partial<Snapshot>, string]>([
    ['an accepted order is missing', { orders: [] }, 'lost'],
    ['an order waits forever', { orders: kept.orders.map((row) => ({ ...row, status: 'PENDING' })) }, 'lost'],
    ['an order has no outcome', { records: [created] }, 'lost'],
    ['an order was never announced', { records: [reserved] }, 'lost'],
    ['a reservation is missing', { reservations: [] }, 'lost'],
    ['events stay in the outbox', { outboxRows: 1 }, 'lost'],
    ['a mail did not arrive', { mails: [] }, 'lost'],
    [
      'an order belongs to no customer',
      { orders: [...kept.orders, ...kept.orders.map((row) => ({ ...row, orderId: 8 }))] },
      'doubled',
    ],
    ['an order has two outcomes', { records: [created, reserved, record('inventory.rejected')] }, 'doubled'],
    [
      'a copy of an outcome differs',
      { records: [created, reserved, record('inventory.reserved', '[]')] },
      'doubled',
    ],
    ['stock is set aside twice', { stock: [{ sku: 'ABC-001', onHand: 10, reserved: 4 }] }, 'doubled'],
    [
      'a mail was sent after it was marked',
      { mails: [mail, { ...mail, receivedAt: new Date('2026-11-22T10:00:02.000Z') }] },
      'doubled',
    ],
    ['more is promised than is on hand', { stock: [{ sku: 'ABC-001', onHand: 1, reserved: 2 }] }, 'wrong'],
    [
      'an order is not as it was sent',
      { orders: kept.orders.map((row) => ({ ...row, userId: 1 })) },
      'wrong',
    ],
    [
      'a valid order was dead-lettered',
      {
        records: [created, reserved, record('order.created.DLT')],
        filed: [{ topic: 'order.created.DLT', key: '7' }],
      },
      'wrong',
    ],
  ])('when %s, say so', (_, snapshot, kind) => {
    expect(kindsOf(snapshot)).toContain(kind);
  });

  it('when a cancelled order still holds stock, say so', () => {
    const cancelled: Answered = { ...order, cancel: 'accepted' };
    const orders = kept.orders.map((row) => ({ ...row, status: 'CANCELLED' as const }));
    const records = [...kept.records, record('order.cancelled')];
    expect(kindsOf({ orders, records }, [cancelled])).toEqual(['wrong']);
  });

  it('when a faulty order is in no dead-letter topic, say so', () => {
    const faulty: Answered = { ...order, isFaulty: true };
    const orders = kept.orders.map((row) => ({ ...row, status: 'PENDING' as const }));
    const untouched = { orders, reservations: [], deliveries: [], mails: [], records: [created] };
    const stock = [{ sku: 'ABC-001', onHand: 10, reserved: 0 }];
    expect(kindsOf({ ...untouched, stock }, [faulty])).toEqual(['lost']);
  });
});
