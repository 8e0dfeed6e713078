import { until } from '../../lib/local/stack/until.ts';
import { clearAll } from '../flow/orders.ts';
import { placeOrder } from '../flow/place-order.ts';
import { figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { startService, urlOf } from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

/**
 * The time from `kill -9` of the service, which is restarted immediately, until an order placed after the
 * restart is settled.
 */
export const recovery: Part = async (bed, { rounds }) => {
  await clearAll(bed);
  const values = await inRounds(rounds, async (round) => {
    const step = beginStep(`recovery ${round}`, 1);
    const seconds = await recoverySeconds(bed);
    step.done();
    return seconds;
  });
  return [
    figureOf({
      part: 'recovery',
      unit: 's',
      name: 'kill -9 to the next settled order, restart included',
      values,
    }),
  ];
};

async function recoverySeconds(bed: Bed): Promise<number> {
  const first = await startService(bed);
  await untilSettled(bed, (await placeOrder(urlOf(bed))).orderId);
  const killedAt = Date.now();
  await first.kill();
  const second = await startService(bed);
  await untilSettled(bed, (await placeOrder(urlOf(bed))).orderId);
  const seconds = (Date.now() - killedAt) / 1000;
  await second.stop();
  return seconds;
}

async function untilSettled({ database }: Bed, orderId: number): Promise<void> {
  const isSettled = async () => {
    const { rows } = await database.query('SELECT FROM orders.orders WHERE order_id = $1 AND status <> $2', [
      orderId,
      'PENDING',
    ]);
    return rows.length === 1;
  };
  await until(isSettled, { deadlineMs: 60_000, what: `order ${orderId} to be settled` });
}
