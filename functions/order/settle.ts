import type { Queryable } from '../../lib/postgres/database.ts';
import { legalMoves, type Settlement } from './order.ts';

const settleStatement = `
  WITH settlement AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::jsonb[], $4::text[], $5::json[])
      WITH ORDINALITY AS s (order_id, user_id, items, status, rejection, position)
  ), judged AS (
    SELECT s.*, o.order_id IS NULL AS unknown, o.user_id = s.user_id AND o.items::jsonb = s.items AS is_same
    FROM settlement AS s LEFT JOIN orders.orders AS o ON o.order_id = s.order_id
  ), moved AS (
    UPDATE orders.orders AS o
    SET status = j.status, rejection = j.rejection, updated_at = $6
    FROM judged AS j
    WHERE o.order_id = j.order_id AND j.is_same AND o.status || '>' || j.status = ANY ($7)
  )
  SELECT position, unknown FROM judged WHERE is_same IS NOT TRUE`;

/** Settlements that moved no order. */
export interface Unsettled {
  /** There is no order with this id. */
  readonly unknown: readonly Settlement[];
  /** The order with this id belongs to another user, or has other items. */
  readonly contradicted: readonly Settlement[];
}

/**
 * Moves each pending order to what inventory decided. The list names each order with the same user and items
 * at most once.
 */
export async function settle(
  database: Queryable,
  settlements: readonly Settlement[],
  at: Date,
): Promise<Unsettled> {
  const rows = await database.query<{ position: number; unknown: boolean }>(settleStatement, [
    settlements.map((settlement) => settlement.orderId),
    settlements.map((settlement) => settlement.userId),
    settlements.map((settlement) => JSON.stringify(settlement.items)),
    settlements.map((settlement) => settlement.status),
    settlements.map((settlement) => settlement.rejection ?? null),
    at,
    legalMoves,
  ]);
  const those = (unknown: boolean) =>
    rows.filter((row) => row.unknown === unknown).flatMap(({ position }) => settlements[position - 1] ?? []);
  return { unknown: those(true), contradicted: those(false) };
}
