import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { Queryable } from '../../lib/postgres/database.ts';

/** A record as it lies in a topic, in texts so that copies compare byte for byte. */
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

export interface StockRow {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** What the system has written down, everywhere, at a moment when nothing is under way. */
export interface Snapshot {
  readonly orders: readonly OrderRow[];
  readonly outboxRows: number;
  readonly stock: readonly StockRow[];
  readonly reservations: readonly ReservationRow[];
  readonly records: readonly StoredRecord[];
}

/** The tables' part of a snapshot. */
export async function readTables(database: Queryable): Promise<Omit<Snapshot, 'records'>> {
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
  return { orders, outboxRows: outbox.length, stock, reservations };
}
