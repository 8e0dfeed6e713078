import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { Event } from '../../lib/kafka/event.ts';
import type { Queryable } from '../../lib/postgres/database.ts';
import { decidedMeanwhile } from './decisions.ts';
import { type Demand, negated, type ReservationStatus, skusOf, sumBySku } from './reservation.ts';
import { addReserved, lockStock } from './stock-levels.ts';

/** Creates the event that announces a release. */
export type AnnounceRelease = (demand: Demand) => Event;

/** An order whose cancel was announced. */
export interface Cancellation {
  readonly orderId: number;
  readonly userId: number;
}

interface ReservationRow {
  order_id: number;
  user_id: number;
  status: ReservationStatus;
  items: OrderItem[] | null;
  id: string | null;
  time: Date;
  payload: string;
  traceparent: string;
}

/**
 * Releases what was reserved for cancelled orders, and leaves a tombstone for each order not seen yet, so
 * that it is rejected when it arrives. Stock is locked before reservations, as `reserve` does.
 * @param cancellations each order once
 * @returns the events of all releases, old and new; none for an order that held nothing
 */
export async function release(
  transaction: Queryable,
  cancellations: readonly Cancellation[],
  announce: AnnounceRelease,
): Promise<Event[]> {
  const orderIds = cancellations.map(({ orderId }) => orderId);
  const stock = await lockStock(transaction, await reservedSkus(transaction, orderIds));
  const rows = await lockReservations(transaction, orderIds);
  const held = rows.filter((row) => row.status === 'RESERVED').map(demandOf);
  const locked = new Set(stock.map(({ sku }) => sku));
  // Reserved after the SKUs were read: its stock is not locked, and locking it now could deadlock.
  if (skusOf(held).some((sku) => !locked.has(sku))) throw decidedMeanwhile();
  const seen = new Set(rows.map((row) => row.order_id));
  await insertTombstones(
    transaction,
    cancellations.filter(({ orderId }) => !seen.has(orderId)),
  );
  await addReserved(transaction, negated(sumBySku(held.flatMap(({ items }) => items))));
  const events = held.map(announce);
  await writeReleases(transaction, events);
  return [...rows.flatMap(releasedBefore), ...events];
}

/** Read without a lock: an order's items never change, only whether they are still held. */
async function reservedSkus(transaction: Queryable, orderIds: readonly number[]): Promise<string[]> {
  const rows = await transaction.query<{ sku: string }>(
    `SELECT DISTINCT item ->> 'sku' AS sku FROM inventory.reservation, json_array_elements(items) AS item
     WHERE order_id = ANY ($1) AND status = 'RESERVED'`,
    [orderIds],
  );
  return rows.map(({ sku }) => sku);
}

async function lockReservations(
  transaction: Queryable,
  orderIds: readonly number[],
): Promise<ReservationRow[]> {
  return transaction.query<ReservationRow>(
    `SELECT order_id, user_id, status, items, release_id AS id, release_time AS time, release_payload AS payload,
       release_traceparent AS traceparent
     FROM inventory.reservation WHERE order_id = ANY ($1) ORDER BY order_id FOR UPDATE`,
    [orderIds],
  );
}

async function insertTombstones(transaction: Queryable, unseen: readonly Cancellation[]): Promise<void> {
  if (unseen.length === 0) return;
  const inserted = await transaction.query(
    `INSERT INTO inventory.reservation (order_id, user_id, status)
     SELECT id, user_id, 'CANCELLED' FROM unnest($1::bigint[], $2::bigint[]) AS cancelled (id, user_id) ORDER BY id
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    [unseen.map(({ orderId }) => orderId), unseen.map(({ userId }) => userId)],
  );
  if (inserted.length < unseen.length) throw decidedMeanwhile();
}

async function writeReleases(transaction: Queryable, events: readonly Event[]): Promise<void> {
  if (events.length === 0) return;
  await transaction.query(
    `UPDATE inventory.reservation AS r SET status = 'RELEASED', release_id = d.id, release_time = d.time,
       release_payload = d.payload, release_traceparent = d.traceparent
     FROM json_to_recordset($1) AS d (key bigint, id uuid, time timestamptz, payload text, traceparent text)
     WHERE r.order_id = d.key`,
    [JSON.stringify(events)],
  );
}

function demandOf({ order_id: orderId, user_id: userId, items }: ReservationRow): Demand {
  return { orderId, userId, items: items ?? [] };
}

function releasedBefore({ order_id: orderId, id, time, payload, traceparent }: ReservationRow): Event[] {
  if (id === null) return [];
  return [{ id, topic: inventoryReleased.topic, key: String(orderId), time, payload, traceparent }];
}
