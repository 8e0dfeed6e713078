import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { Queryable } from '../../lib/postgres/database.ts';

/** A record as stored in a topic, as strings, so that copies compare byte for byte. */
export interface StoredRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  /** Names and values, in the record's order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface OrderRow {
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly status: 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED';
  readonly idempotencyKey: string | null;
}

export interface ReservationRow {
  readonly orderId: number;
  readonly status: 'RESERVED' | 'REJECTED' | 'RELEASED' | 'CANCELLED';
  readonly items: readonly OrderItem[] | null;
  readonly outcomeTopic: string | null;
}

interface StockRow {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** A message to a customer, as the notification service remembers it. */
interface DeliveryRow {
  readonly orderId: number;
  readonly kind: 'reserved' | 'rejected' | 'released';
  readonly channel: string;
  readonly status: 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
  readonly sentAt: Date | null;
}

/** A message that reached a customer, under the name that is the same for every attempt. */
export interface ReceivedMail {
  readonly name: string;
  readonly receivedAt: Date;
}

/** A dead letter that was filed. */
interface FiledRow {
  readonly topic: string;
  readonly key: string;
}

/** Everything that the system has recorded, at a moment when nothing is in progress. */
export interface Snapshot {
  readonly orders: readonly OrderRow[];
  readonly outboxRows: number;
  readonly stock: readonly StockRow[];
  readonly reservations: readonly ReservationRow[];
  readonly deliveries: readonly DeliveryRow[];
  readonly filed: readonly FiledRow[];
  readonly records: readonly StoredRecord[];
  readonly mails: readonly ReceivedMail[];
}

/** The tables' part of a snapshot. */
export async function readTables(database: Queryable): Promise<Omit<Snapshot, 'records' | 'mails'>> {
  const orders = await database.query<OrderRow>(
    `SELECT order_id AS "orderId", user_id AS "userId", items, status, idempotency_key AS "idempotencyKey" FROM orders.orders`,
  );
  const outbox = await database.query('SELECT outbox_id FROM orders.outbox');
  const stock = await database.query<StockRow>(
    'SELECT sku, on_hand AS "onHand", reserved FROM inventory.stock',
  );
  const reservations = await database.query<ReservationRow>(
    'SELECT order_id AS "orderId", status, items, outcome_topic AS "outcomeTopic" FROM inventory.reservation',
  );
  const deliveries = await database.query<DeliveryRow>(
    'SELECT order_id AS "orderId", kind, channel, status, sent_at AS "sentAt" FROM notification.delivery',
  );
  const filed = await database.query<FiledRow>('SELECT topic, key_text AS key FROM dead_letter.dead_letter');
  return { deliveries, filed, orders, outboxRows: outbox.length, stock, reservations };
}
