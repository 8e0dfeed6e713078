import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lib/local/stack/until.ts';
import { clearAll } from '../flow/orders.ts';
import { placeOrder } from '../flow/place-order.ts';
import { percentile } from '../measure/statistic.ts';
import { figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { startService } from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

const part = 'latency';
const perSecond = 20;
const warmUpOrders = 100;

/** Orders one by one: from the POST to the moment that the customer's mail was taken by the mail server. */
export const latency: Part = async (bed, options) => {
  await clearAll(bed);
  await bed.database.query(
    `INSERT INTO notification.contact (user_id, email) VALUES (42, 'user42@example.com')`,
  );
  const service = await startService(bed, { profileDirectory: options.profileDirectory });
  try {
    await latencies(bed, warmUpOrders, 'latency: warm-up');
    const rounds = await inRounds(options.rounds, (round) =>
      latencies(bed, options.latencySeconds * perSecond, `latency ${round}: ${perSecond} orders/s`),
    );
    const figure = (name: string, percent: number, goal?: number) =>
      figureOf({
        part,
        unit: 'ms',
        name: `POST to notified, ${name}`,
        values: rounds.map((values) => percentile(values, percent)),
        ...(goal === undefined ? {} : { goal: { of: 'median', atMost: goal } }),
      });
    return [figure('p50', 50, 20), figure('p99', 99, 45), figure('max', 100)];
  } finally {
    await service.stop();
  }
};

/** Sends orders at a steady pace, whatever their answers take. @returns ms of each, once all are notified */
async function latencies(bed: Bed, count: number, title: string): Promise<number[]> {
  const step = beginStep(title, count);
  const begun = Date.now();
  const placed: Promise<{ orderId: number; sentAt: number }>[] = [];
  for (let index = 0; index < count; index += 1) {
    await pause(Math.max(0, begun + (index * 1000) / perSecond - Date.now()));
    placed.push(placeOrder(bed));
    step.left(count - index - 1);
  }
  const sentAt = new Map((await Promise.all(placed)).map((order) => [order.orderId, order.sentAt]));
  const notified = await until(() => allNotified(bed, [...sentAt.keys()]), {
    deadlineMs: 30_000,
    what: 'all mails to be sent',
  });
  step.done();
  return notified.map(({ orderId, at }) => at - (sentAt.get(orderId) ?? 0));
}

async function allNotified({ database }: Bed, orderIds: readonly number[]) {
  const { rows } = await database.query<{ order_id: string; sent_at: Date }>(
    `SELECT order_id, sent_at FROM notification.delivery WHERE order_id = ANY ($1) AND status = 'SENT'`,
    [orderIds],
  );
  if (rows.length < orderIds.length) return undefined;
  return rows.map((row) => ({ orderId: Number(row.order_id), at: row.sent_at.getTime() }));
}
