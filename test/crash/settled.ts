import { topics } from '../../lib/contracts/topics.ts';
import type { Queryable } from '../../lib/postgres/database.ts';
import { lagOf } from '../support/topics.ts';
import { waitFor } from '../support/wait.ts';
import { faultSku } from './customers.ts';

/** What is still in progress, as far as can be seen from outside. */
export interface Pending {
  readonly outboxRows: number;
  /** Orders waiting for their outcome; those that end as dead letters are not counted. */
  readonly orders: number;
  /** Records that a function has not processed yet. */
  readonly lag: number;
}

/** Looks once, upstream first: what one step has passed on is seen at the next. */
async function pendingIn(database: Queryable, brokers: readonly string[]): Promise<Pending> {
  const [counts] = await database.query<Omit<Pending, 'lag'>>(
    `SELECT (SELECT count(*) FROM orders.outbox) AS "outboxRows",
       (SELECT count(*) FROM orders.orders WHERE status = 'PENDING' AND items::text NOT LIKE $1) AS orders`,
    [`%"${faultSku}"%`],
  );
  return { outboxRows: 0, orders: 0, ...counts, lag: await lagOf(brokers, 'openorder-local-', topics) };
}

/**
 * Waits until nothing is in progress, or until the deadline has passed.
 * @returns what is in progress then
 */
export async function settle(
  database: Queryable,
  brokers: readonly string[],
  deadlineMs: number,
): Promise<Pending | undefined> {
  let pending: Pending | undefined;
  const isSettled = async () => {
    pending = undefined;
    pending = await pendingIn(database, brokers);
    return pending.outboxRows + pending.orders + pending.lag === 0;
  };
  try {
    await waitFor(isSettled, { deadlineMs, intervalMs: 500, what: 'everything to be settled' });
    return undefined;
  } catch {
    return pending;
  }
}
