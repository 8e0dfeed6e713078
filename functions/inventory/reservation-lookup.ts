import type { Queryable } from '../../lib/postgres/database.ts';
import type { Reservation } from './reservation.ts';

type Nullable<Value> = { [Name in keyof Value]-?: Value[Name] | null };

type KnownFields = Pick<Reservation, 'orderId' | 'userId' | 'status'>;

type ReservationColumns = KnownFields & Nullable<Omit<Reservation, keyof KnownFields>>;

/** The reason and the shortages of a rejection are in the event that announced it, and nowhere else. */
const findStatement = `
  SELECT order_id AS "orderId", user_id AS "userId", status, items,
    outcome_payload::json ->> 'reason' AS reason, outcome_payload::json -> 'shortages' AS shortages,
    outcome_time AS "decidedAt", release_time AS "releasedAt"
  FROM inventory.reservation WHERE order_id = $1`;

/** What was decided for an order; undefined when inventory does not know it. */
export async function findReservation(
  database: Queryable,
  orderId: number,
): Promise<Reservation | undefined> {
  const [row] = await database.query<ReservationColumns>(findStatement, [orderId]);
  if (!row) return undefined;
  const { orderId: id, userId, status, items, reason, shortages, decidedAt, releasedAt } = row;
  return {
    orderId: id,
    userId,
    status,
    ...(items && { items }),
    ...(reason && { reason }),
    ...(shortages && { shortages }),
    ...(decidedAt && { decidedAt }),
    ...(releasedAt && { releasedAt }),
  };
}
