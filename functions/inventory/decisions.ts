import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { DatabaseConflictError } from '../../lib/errors.ts';
import type { Event } from '../../lib/kafka/event.ts';
import type { Queryable } from '../../lib/postgres/database.ts';
import { type Decided, type Demand, isSameDemand, planReservations, skusOf } from './reservation.ts';
import { addReserved, lockStock } from './stock-levels.ts';

/** Creates the event that announces a decision. */
export type AnnounceDecision = (decided: Decided) => Event;

/** Events of old and new decisions, in the order of the demands, and ids that belong to other orders. */
export interface Reserved {
  readonly events: readonly Event[];
  readonly contradicted: ReadonlySet<number>;
}

interface Announced {
  readonly decided: Decided;
  readonly event: Event;
}

/**
 * Decides orders in turn and stores each decision with its event; a repeated order keeps its decision. Stock
 * is locked first, in SKU order, so batches that share a SKU run one after the other and cannot deadlock.
 * @param demands each order once
 */
export async function reserve(
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

/** The stored event of each decided order, orders cancelled before they arrived, and ids of other orders. */
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
    items: JSON.stringify(demand.items), // as text: pg treats a nested list as a two-dimensional array
    status: decision.status,
    outcome_id: event.id,
    outcome_topic: event.topic,
    outcome_time: event.time,
    outcome_payload: event.payload,
    outcome_traceparent: event.traceparent,
  };
}

/** Thrown to run the transaction again, which then finds what the other one decided. */
export function decidedMeanwhile(): DatabaseConflictError {
  return new DatabaseConflictError('Another invocation decided one of these orders concurrently.');
}
