import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../lib/local/stack/until.ts';
import { clearAll } from '../flow/orders.ts';
import { placeOrder } from '../flow/place-order.ts';
import { percentile } from '../measure/statistic.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { startService } from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

const part = 'latency';
const perSecond = 20;
const warmUpOrders = 100;

/**
 * Orders one by one: from the POST until the order is settled, and until the mail server has taken the
 * customer's mail.
 */
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
    return [...figuresOf('settled', rounds), ...figuresOf('notified', rounds)];
  } finally {
    await service.stop();
  }
};

/** What became of one order, in ms after its request was sent. */
interface Latency {
  readonly settled: number;
  readonly notified: number;
}

function figuresOf(step: keyof Latency, rounds: readonly (readonly Latency[])[]): Figure[] {
  const figure = (name: string, percent: number, atMost?: number) =>
    figureOf({
      part,
      unit: 'ms',
      name: `POST to ${step}, ${name}`,
      values: rounds.map((latencies) =>
        percentile(
          latencies.map((one) => one[step]),
          percent,
        ),
      ),
      ...(atMost === undefined ? {} : { goal: { of: 'median', atMost } }),
    });
  const isGoal = step === 'notified';
  return [
    figure('p50', 50, isGoal ? 20 : undefined),
    figure('p99', 99, isGoal ? 45 : undefined),
    figure('max', 100),
  ];
}

/** Sends orders at a steady pace, whatever their answers take. @returns ms of each, once all are notified */
async function latencies(bed: Bed, count: number, title: string): Promise<Latency[]> {
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
  return notified.map(({ orderId, settledAt, notifiedAt }) => {
    const begin = sentAt.get(orderId) ?? 0;
    return { settled: settledAt - begin, notified: notifiedAt - begin };
  });
}

async function allNotified({ database }: Bed, orderIds: readonly number[]) {
  const { rows } = await database.query<{ order_id: string; settled_at: Date; sent_at: Date }>(
    `SELECT order_id, o.updated_at AS settled_at, sent_at FROM notification.delivery JOIN orders.orders AS o USING (order_id)
     WHERE order_id = ANY ($1) AND delivery.status = 'SENT' AND o.status <> 'PENDING'`,
    [orderIds],
  );
  if (rows.length < orderIds.length) return undefined;
  return rows.map((row) => ({
    orderId: Number(row.order_id),
    settledAt: row.settled_at.getTime(),
    notifiedAt: row.sent_at.getTime(),
  }));
}
