import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { createPublisher } from '../../lib/kafka/publisher.ts';
import { createdEvent, orderRecord } from '../../functions/order/order-event.ts';
import type { Kafka } from 'kafkajs';
import type pg from 'pg';
import { skipToEnd } from './consumption.ts';
import { limitReserve, stages } from './stages.ts';

/** Where orders are written: a broker and a database. */
export interface Site {
  readonly brokers: string[];
  readonly kafka: Kafka;
  readonly database: pg.Pool;
}

/** The composition of a backlog. */
export interface Backlog {
  readonly orders: number;
  /** One order in this many contains the SKU that injects a fault; by default none does. */
  readonly oneFaultIn?: number;
}

const skuCount = 100;
const sendSize = 500;

/**
 * Empties every table of the services and fills the stock: `skuCount` SKUs, each with more than enough.
 */
export async function resetDatabase({ database }: Site): Promise<void> {
  await database.query('TRUNCATE orders.orders, orders.outbox, inventory.reservation, inventory.stock');
  await database.query(
    'TRUNCATE notification.delivery, notification.contact, dead_letter.dead_letter CASCADE',
  );
  await database.query(
    `INSERT INTO inventory.stock (sku, on_hand) SELECT 'SKU-' || n, 1000000000 FROM generate_series(0, $1 - 1) AS n`,
    [skuCount],
  );
}

/** 1 to 3 lines of 1 to 3 units; the same for the same id, so that every round does the same work. */
function itemsOf(orderId: number): OrderItem[] {
  const lines = 1 + (orderId % 3);
  return Array.from({ length: lines }, (_, line) => ({
    sku: `SKU-${(orderId * 7919 + line * 37) % skuCount}`,
    qty: 1 + ((orderId + line) % 3),
  }));
}

/** Empties the tables and moves the groups to the end, so that the next backlog is all there is to do. */
export async function clearAll(site: Site): Promise<void> {
  await resetDatabase(site);
  await skipToEnd(site.kafka, [...limitReserve, ...Object.values(stages).flat()]);
}

/** Writes orders as createOrder leaves them: pending rows, and their events on Kafka. */
export async function makeBacklog(site: Site, backlog: Backlog): Promise<void> {
  const ids = await insertOrders(site, backlog);
  const publisher = createPublisher({ brokers: site.brokers });
  for (let start = 0; start < ids.length; start += sendSize) {
    await publisher.publish(ids.slice(start, start + sendSize).map((id) => createdRecord(id, backlog)));
  }
  // Otherwise PostgreSQL would clean up after the bulk load in the middle of the measurement.
  await site.database.query('VACUUM ANALYZE orders.orders');
  await site.database.query('CHECKPOINT');
}

async function insertOrders({ database }: Site, backlog: Backlog): Promise<number[]> {
  const { rows } = await database.query<{ order_id: string }>(
    `INSERT INTO orders.orders (user_id, items, created_at, updated_at)
     SELECT 1, '[]', now(), now() FROM generate_series(1, $1) RETURNING order_id`,
    [backlog.orders],
  );
  const ids = rows.map(({ order_id: orderId }) => Number(orderId));
  // The items follow from the id, which the database assigns.
  await database.query(
    `UPDATE orders.orders AS o SET user_id = n.order_id, items = n.items
     FROM unnest($1::bigint[], $2::json[]) AS n (order_id, items) WHERE o.order_id = n.order_id`,
    [ids, ids.map((orderId) => JSON.stringify(wantedItems(orderId, backlog)))],
  );
  return ids;
}

function createdRecord(orderId: number, backlog: Backlog) {
  const order = { orderId, userId: orderId, items: wantedItems(orderId, backlog) };
  return orderRecord(createdEvent(order, occurrenceAt(new Date(), undefined)));
}

function wantedItems(orderId: number, { oneFaultIn }: Backlog): OrderItem[] {
  const isFaulty = oneFaultIn !== undefined && orderId % oneFaultIn === 0;
  return isFaulty ? [{ sku: 'FAIL', qty: 1 }] : itemsOf(orderId);
}
