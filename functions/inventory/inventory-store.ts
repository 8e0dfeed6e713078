import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { DatabaseConflictError } from '../../lib/errors.ts';
import type { Event } from '../../lib/kafka/event.ts';
import type { Database, Queryable } from '../../lib/postgres/database.ts';
import {
  type Decided,
  type Demand,
  isSameDemand,
  negated,
  planReservations,
  type ReservationStatus,
  skusOf,
  type Stock,
  sumBySku,
} from './reservation.ts';
import { findReservation } from './reservation-lookup.ts';
import { listStock, setOnHand, stockColumns } from './stock-levels.ts';

/** Makes the event that announces a decision. */
export type AnnounceDecision = (decided: Decided) => Event;

/** Makes the event that announces a release. */
export type AnnounceRelease = (demand: Demand) => Event;

interface Announced {
  readonly decided: Decided;
  readonly event: Event;
}

/** Events of old and new decisions in the order of the demands; ids that belong to other orders. */
export interface Reserved {
  readonly events: readonly Event[];
  readonly contradicted: ReadonlySet<number>;
}

/** An order whose cancel was announced. */
export interface Cancellation {
  readonly orderId: number;
  readonly userId: number;
}

export type InventoryStore = ReturnType<typeof createInventoryStore>;

/**
 * The inventory service's schema; nothing else knows it. Every method throws the typed errors of
 * `Queryable.query`.
 */
export function createInventoryStore(database: Database) {
  return {
    reserve: (demands: readonly Demand[], announce: AnnounceDecision) =>
      database.transaction((transaction) => reserve(transaction, demands, announce)),
    release: (cancellations: readonly Cancellation[], announce: AnnounceRelease) =>
      database.transaction((transaction) => release(transaction, cancellations, announce)),
    findReservation: (orderId: number) => findReservation(database, orderId),
    listStock: (afterSku: string | undefined, limit: number) => listStock(database, afterSku, limit),
    setOnHand: (sku: string, onHand: number) => setOnHand(database, sku, onHand),
  };
}

/**
 * Decides orders in turn and stores each decision with its event; the same order keeps its decision. Stock is
 * locked first, in SKU order, so batches that share a SKU follow one another and none deadlocks.
 * @param demands each order once
 */
async function reserve(
  transaction: Queryable,
  demands: readonly Demand[],
  announce: AnnounceDecision,
): Promise<Reserved> {
  const stock = await lockStock(transaction, skusOf(demands));
  const { events, tombstones, contradicted } = await readOutcomes(transaction, demands);
  const undecided = demands.filter(({ orderId }) => !events.has(orderId) && !contradicted.has(orderId));
  const plan = planReservations(undecided, stock, tombstones);
  const announced = plan.decided.map((decided) => ({ decided, event: announce(decided) }));
  const isLate = ({ decided }: Announced) => tombstones.has(decided.demand.orderId);
  await addReserved(transaction, plan.reservedBySku);
  await insertDecisions(
    transaction,
    announced.filter((one) => !isLate(one)),
  );
  await completeTombstones(transaction, announced.filter(isLate));
  for (const { decided, event } of announced) events.set(decided.demand.orderId, event);
  return { events: demands.flatMap(({ orderId }) => events.get(orderId) ?? []), contradicted };
}

async function lockStock(transaction: Queryable, skus: readonly string[]): Promise<Stock[]> {
  return transaction.query<Stock>(
    `SELECT ${stockColumns} FROM inventory.stock WHERE sku = ANY ($1) ORDER BY sku FOR UPDATE`,
    [skus],
  );
}

interface OutcomeRow {
  order_id: number;
  user_id: number;
  items: OrderItem[] | null;
  id: string | null;
  topic: string;
  time: Date;
  payload: string;
  traceparent: string;
}

/** The stored event of each decided order, orders cancelled before they came, and ids of other orders. */
async function readOutcomes(transaction: Queryable, demands: readonly Demand[]) {
  const rows = await transaction.query<OutcomeRow>(
    `SELECT order_id, user_id, items, outcome_id AS id, outcome_topic AS topic, outcome_time AS time,
       outcome_payload AS payload, outcome_traceparent AS traceparent
     FROM inventory.reservation WHERE order_id = ANY ($1)`,
    [demands.map(({ orderId }) => orderId)],
  );
  const demanded = new Map(demands.map((demand) => [demand.orderId, demand]));
  const events = new Map<number, Event>();
  const tombstones = new Set<number>();
  const contradicted = new Set<number>();
  for (const { order_id: orderId, user_id: userId, items, id, ...event } of rows) {
    const demand = demanded.get(orderId);
    const isSame = demand && isSameDemand(demand, { orderId, userId, items: items ?? demand.items });
    if (!isSame) contradicted.add(orderId);
    else if (id === null) tombstones.add(orderId);
    else events.set(orderId, { ...event, id, key: String(orderId) });
  }
  return { events, tombstones, contradicted };
}

/** Takes units already summed by SKU: `UPDATE … FROM` applies only one of several matching rows. */
async function addReserved(transaction: Queryable, unitsBySku: ReadonlyMap<string, number>): Promise<void> {
  if (unitsBySku.size === 0) return;
  await transaction.query(
    `UPDATE inventory.stock AS s SET reserved = s.reserved + d.units
     FROM unnest($1::text[], $2::bigint[]) AS d (sku, units) WHERE s.sku = d.sku`,
    [[...unitsBySku.keys()], [...unitsBySku.values()]],
  );
}

const decisionTypes = {
  order_id: 'bigint',
  user_id: 'bigint',
  items: 'json',
  status: 'text',
  outcome_id: 'uuid',
  outcome_topic: 'text',
  outcome_time: 'timestamptz',
  outcome_payload: 'text',
  outcome_traceparent: 'text',
} as const;

type DecisionColumn = keyof typeof decisionTypes;

const decisionColumns = Object.keys(decisionTypes) as DecisionColumn[];

/**
 * The parameters of `decisionArrays` as rows. PostgreSQL reads an array for each column in half the time of
 * JSON.
 */
const decisionRows = `unnest(${Object.values(decisionTypes)
  .map((type, index) => `$${index + 1}::${type}[]`)
  .join(', ')}) AS d (${decisionColumns.join(', ')})`;

/** Rows are inserted in order-id order, so that batches with the same orders cannot deadlock. */
async function insertDecisions(transaction: Queryable, announced: readonly Announced[]): Promise<void> {
  if (announced.length === 0) return;
  const sorted = announced.toSorted((a, b) => a.decided.demand.orderId - b.decided.demand.orderId);
  const inserted = await transaction.query(
    `INSERT INTO inventory.reservation (${decisionColumns.join(', ')}) SELECT d.* FROM ${decisionRows}
     ON CONFLICT (order_id) DO NOTHING RETURNING order_id`,
    decisionArrays(sorted),
  );
  if (inserted.length < announced.length) throw decidedMeanwhile();
}

/** Fills in the tombstone of a late order: its items, and its final outcome. */
async function completeTombstones(transaction: Queryable, announced: readonly Announced[]): Promise<void> {
  if (announced.length === 0) return;
  const completed = await transaction.query(
    `UPDATE inventory.reservation AS r SET items = d.items, outcome_id = d.outcome_id, outcome_topic = d.outcome_topic,
       outcome_time = d.outcome_time, outcome_payload = d.outcome_payload, outcome_traceparent = d.outcome_traceparent
     FROM ${decisionRows}
     WHERE r.order_id = d.order_id AND r.outcome_id IS NULL RETURNING r.order_id`,
    decisionArrays(announced),
  );
  if (completed.length < announced.length) throw decidedMeanwhile();
}

function decisionArrays(announced: readonly Announced[]): unknown[][] {
  const rows = announced.map(decisionRow);
  return decisionColumns.map((column) => rows.map((row) => row[column]));
}

function decisionRow({ decided: { demand, decision }, event }: Announced): Record<DecisionColumn, unknown> {
  return {
    order_id: demand.orderId,
    user_id: demand.userId,
    items: JSON.stringify(demand.items), // as text: pg takes a list in a list for an array of two dimensions
    status: decision.status,
    outcome_id: event.id,
    outcome_topic: event.topic,
    outcome_time: event.time,
    outcome_payload: event.payload,
    outcome_traceparent: event.traceparent,
  };
}

function decidedMeanwhile(): DatabaseConflictError {
  return new DatabaseConflictError('Another invocation decided one of these orders concurrently.');
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
async function release(
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
