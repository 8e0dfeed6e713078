import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { Occurrence } from '../../lib/kafka/event.ts';
import type { Database, Queryable } from '../../lib/postgres/database.ts';
import { cancelledEvent, createdEvent, eventOn } from './order-event.ts';
import type { OutboxRow, PublishRows, Relayed, RelayBatch } from './outbox-row.ts';
import { legalMoves, type Order, type OrderStatus, type Rejection, type Settlement } from './order.ts';
import { settle } from './settle.ts';

/** A new order, and the occurrence to announce once it has an id. */
export interface Placement {
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly occurrence: Occurrence;
  /** Present when the client sent a key: the key, and a digest of the request's body. */
  readonly idempotency: { readonly key: string; readonly digest: string } | undefined;
}

/** The result of a placement. */
export type PlacementResult =
  | { readonly outcome: 'placed'; readonly orderId: number; readonly outboxRow: OutboxRow }
  /** The key was used before; `sameRequest` says whether with the same body. */
  | { readonly outcome: 'replayed'; readonly orderId: number; readonly sameRequest: boolean }
  /** Another request with the same key is in flight. */
  | { readonly outcome: 'in-flight' };

/** The result of a cancel; an order that was already cancelled has no row to publish. */
export type CancelResult =
  | { readonly outcome: 'cancelled'; readonly outboxRow: OutboxRow | undefined }
  | { readonly outcome: 'rejected-before' }
  | { readonly outcome: 'unknown' };

export type OrderStore = ReturnType<typeof createOrderStore>;

/**
 * The order service's schema; nothing else knows it. Every method throws the typed errors of
 * `Queryable.query`.
 */
export function createOrderStore(database: Database) {
  return {
    place: (placement: Placement) => place(database, placement),
    cancel: (orderId: number, occurrence: Occurrence, ownerId?: number) =>
      cancel(database, orderId, occurrence, ownerId),
    settle: (settlements: readonly Settlement[], at: Date) => settle(database, settlements, at),
    find: (orderId: number) => find(database, orderId),
    list: (page: OrderPage) => list(database, page),
    removeFromOutbox: (outboxIds: readonly number[]) => removeFromOutbox(database, outboxIds),
    relay: (publish: PublishRows, batch: RelayBatch) =>
      database.transaction((transaction) => relay(transaction, publish, batch)),
  };
}

const placeStatement = `
  SELECT true AS claimed, order_id, outbox_id, NULL::bigint AS earlier_id, NULL::boolean AS same_request
  FROM orders.place_order($1, $2, $3, $4, $5, $6)`;

/**
 * The same under an idempotency key. Planned for each order, which is acceptable since most have no key.
 */
const placeOnceStatement = `
  WITH earlier AS (SELECT order_id, request_digest FROM orders.orders WHERE user_id = $1 AND idempotency_key = $7),
  claim AS (SELECT pg_try_advisory_xact_lock(hashtextextended($1::bigint || ' ' || $7, 0)) AS claimed),
  placed AS (
    INSERT INTO orders.orders (user_id, items, created_at, updated_at, idempotency_key, request_digest)
    SELECT $1, $2, $3, $3, $7, $8 FROM claim WHERE claimed AND NOT EXISTS (SELECT FROM earlier)
    ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING order_id
  ),
  announced AS (
    INSERT INTO orders.outbox (event_id, topic, order_id, event_time, traceparent)
    SELECT $4, $5, order_id, $3, $6 FROM placed
    RETURNING outbox_id
  )
  SELECT claimed, placed.order_id, outbox_id, earlier.order_id AS earlier_id, request_digest = $8 AS same_request
  FROM claim LEFT JOIN placed ON true LEFT JOIN announced ON true LEFT JOIN earlier ON true`;

interface PlaceRow {
  claimed: boolean;
  order_id: number | null;
  outbox_id: number | null;
  earlier_id: number | null;
  same_request: boolean | null;
}

/** One statement, so one round trip and one commit for the order, its event and the idempotency key. */
async function place(database: Queryable, placement: Placement): Promise<PlacementResult> {
  const { userId, items, occurrence, idempotency } = placement;
  const { id, time, traceparent } = occurrence;
  const order = [userId, JSON.stringify(items), time, id, orderCreated.topic, traceparent];
  for (;;) {
    const [row] = idempotency
      ? await database.query<PlaceRow>(placeOnceStatement, [...order, idempotency.key, idempotency.digest])
      : await database.query<PlaceRow>(placeStatement, order);
    const result = row && placementResult(row, placement);
    // No result: the key's first request committed between this statement's snapshot and its lock. The next
    // snapshot sees it.
    if (result) return result;
  }
}

function placementResult(
  row: PlaceRow,
  { userId, items, occurrence }: Placement,
): PlacementResult | undefined {
  const { order_id: orderId, outbox_id: outboxId } = row;
  if (orderId !== null && outboxId !== null) {
    const event = createdEvent({ orderId, userId, items }, occurrence);
    return { outcome: 'placed', orderId, outboxRow: { outboxId, event } };
  }
  if (row.earlier_id !== null) {
    return { outcome: 'replayed', orderId: row.earlier_id, sameRequest: row.same_request === true };
  }
  return row.claimed ? undefined : { outcome: 'in-flight' };
}

const cancelStatement = `
  WITH known AS (
    SELECT user_id, status FROM orders.orders WHERE order_id = $1 AND ($7::bigint IS NULL OR user_id = $7)
  ),
  cancelled AS (
    UPDATE orders.orders SET status = 'CANCELLED', updated_at = $2
    WHERE order_id = $1 AND ($7::bigint IS NULL OR user_id = $7) AND status || '>CANCELLED' = ANY ($3)
    RETURNING order_id
  ),
  announced AS (
    INSERT INTO orders.outbox (event_id, topic, order_id, event_time, traceparent)
    SELECT $4, $5, order_id, $2, $6 FROM cancelled
    RETURNING outbox_id
  )
  SELECT user_id, status, outbox_id FROM known LEFT JOIN announced ON true`;

interface CancelRow {
  user_id: number;
  status: OrderStatus;
  outbox_id: number | null;
}

/**
 * The status change and its outbox row in one statement. A repeated cancel publishes no second event.
 * @param ownerId for anyone else's order the outcome is `unknown`; undefined allows every order
 */
async function cancel(
  database: Queryable,
  orderId: number,
  occurrence: Occurrence,
  ownerId: number | undefined,
): Promise<CancelResult> {
  const { id, time, traceparent } = occurrence;
  const values = [orderId, time, legalMoves, id, orderCancelled.topic, traceparent, ownerId ?? null];
  for (;;) {
    const [row] = await database.query<CancelRow>(cancelStatement, values);
    if (!row) return { outcome: 'unknown' };
    const outboxRow = cancelledRow(orderId, row, occurrence);
    if (outboxRow || row.status === 'CANCELLED') return { outcome: 'cancelled', outboxRow };
    if (row.status === 'REJECTED') return { outcome: 'rejected-before' };
    // The order's state changed between the statement's snapshot and its update; try again.
  }
}

function cancelledRow(orderId: number, row: CancelRow, occurrence: Occurrence): OutboxRow | undefined {
  const { outbox_id: outboxId, user_id: userId } = row;
  if (outboxId === null) return undefined;
  return { outboxId, event: cancelledEvent({ orderId, userId }, occurrence) };
}

interface OrderRow {
  order_id: number;
  user_id: number;
  items: OrderItem[];
  status: OrderStatus;
  rejection: Rejection | null;
  created_at: Date;
  updated_at: Date;
}

const orderColumns = 'order_id, user_id, items, status, rejection, created_at, updated_at';

async function find(database: Queryable, orderId: number): Promise<Order | undefined> {
  const rows = await database.query<OrderRow>(
    `SELECT ${orderColumns} FROM orders.orders WHERE order_id = $1`,
    [orderId],
  );
  return rows.map(toOrder)[0];
}

/** Which orders a page lists; an undefined condition matches all. */
export interface OrderPage {
  readonly userId: number | undefined;
  readonly status: OrderStatus | undefined;
  /** The page starts below this order id. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** Orders, newest first. */
async function list(database: Queryable, { userId, status, before, limit }: OrderPage): Promise<Order[]> {
  const rows = await database.query<OrderRow>(
    `SELECT ${orderColumns} FROM orders.orders
     WHERE ($1::bigint IS NULL OR user_id = $1) AND ($2::text IS NULL OR status = $2)
       AND ($3::bigint IS NULL OR order_id < $3)
     ORDER BY order_id DESC LIMIT $4`,
    [userId ?? null, status ?? null, before ?? null, limit],
  );
  return rows.map(toOrder);
}

function toOrder(row: OrderRow): Order {
  return {
    orderId: row.order_id,
    userId: row.user_id,
    status: row.status,
    items: row.items,
    ...(row.rejection && { rejection: row.rejection }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function removeFromOutbox(database: Queryable, outboxIds: readonly number[]): Promise<void> {
  await database.query('DELETE FROM orders.outbox WHERE outbox_id = ANY ($1)', [outboxIds]);
}

interface UnpublishedRow {
  outbox_id: number;
  topic: string;
  id: string;
  time: Date;
  traceparent: string;
  order_id: number;
  user_id: number;
  items: OrderItem[];
}

/**
 * Locks rows that no other relay has locked, publishes them and removes what was acknowledged. The locks end
 * with the transaction, so a crash leaves the rows.
 */
async function relay(
  transaction: Queryable,
  publish: PublishRows,
  { aboveId, writtenBefore, orAfter, limit }: RelayBatch,
): Promise<Relayed> {
  const rows = await transaction.query<UnpublishedRow>(
    `SELECT outbox_id, topic, event_id AS id, event_time AS time, traceparent, order_id, user_id, items
     FROM orders.outbox AS b JOIN orders.orders USING (order_id)
     WHERE outbox_id > $1 AND (event_time < $2 OR event_time > $3)
     ORDER BY outbox_id LIMIT $4 FOR UPDATE OF b SKIP LOCKED`,
    [aboveId, writtenBefore, orAfter, limit],
  );
  if (rows.length === 0) return { taken: 0, published: 0, highestId: aboveId };
  const published = await publish(rows.map(toOutboxRow));
  await removeFromOutbox(
    transaction,
    published.map(({ outboxId }) => outboxId),
  );
  return { taken: rows.length, published: published.length, highestId: rows.at(-1)?.outbox_id ?? aboveId };
}

function toOutboxRow(row: UnpublishedRow): OutboxRow {
  const { outbox_id: outboxId, order_id: orderId, user_id: userId, topic, items, ...occurrence } = row;
  return { outboxId, event: eventOn(topic, { orderId, userId, items }, occurrence) };
}
