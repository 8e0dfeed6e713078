import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { until } from '../../lib/local/stack/until.ts';
import { beginStep } from '../report/progress.ts';
import type { Everything } from '../service/everything.ts';
import { watchOutcomes } from './outcomes.ts';
import { placeOrder } from './place-order.ts';

/** The milestones of one order, in ms after its request was sent. */
export interface OrderTimes {
  /** The request was answered. */
  readonly answered: number;
  /** The outcome arrived at a consumer of its topic. */
  readonly decided: number;
  /** The mail server had accepted the customer's mail. */
  readonly notified: number;
}

/** Orders per second. */
export const pace = 20;

/**
 * Places orders at a steady pace, whatever their answers take.
 * @returns one entry each, once all are notified
 */
export async function placeOneByOne(
  everything: Everything,
  count: number,
  title: string,
): Promise<OrderTimes[]> {
  const outcomes = await watchOutcomes(everything.kafka);
  const step = beginStep(title, count);
  const begun = Date.now();
  const placed: ReturnType<typeof place>[] = [];
  for (let index = 0; index < count; index += 1) {
    await pause(Math.max(0, begun + (index * 1000) / pace - Date.now()));
    placed.push(place(everything.url));
    step.left(count - index - 1);
  }
  const orders = await Promise.all(placed);
  const what = 'all mails to be sent';
  const ids = orders.map(({ orderId }) => orderId);
  const mailed = await until(() => mailTimes(everything.database, ids), { deadlineMs: 30_000, what });
  const hasAll = () => ids.every((id) => outcomes.arrivals.has(id));
  await until(hasAll, { deadlineMs: 30_000, what: 'all outcomes to arrive' });
  await outcomes.stop();
  step.done();
  return orders.map(({ orderId, sentAt, answeredAt }) => ({
    answered: answeredAt - sentAt,
    decided: (outcomes.arrivals.get(orderId) ?? NaN) - sentAt,
    notified: (mailed.get(orderId) ?? NaN) - sentAt,
  }));
}

async function place(url: string) {
  const placed = await placeOrder(url);
  return { ...placed, answeredAt: Date.now() };
}

/** When each order's mail was accepted, in ms since 1970; undefined while one is missing. */
async function mailTimes(
  database: pg.Pool,
  orderIds: readonly number[],
): Promise<ReadonlyMap<number, number> | undefined> {
  const { rows } = await database.query<{ order_id: string; sent_at: Date }>(
    `SELECT order_id, sent_at FROM notification.delivery WHERE order_id = ANY ($1) AND status = 'SENT'`,
    [orderIds],
  );
  if (rows.length < orderIds.length) return undefined;
  return new Map(rows.map((row) => [Number(row.order_id), row.sent_at.getTime()]));
}
