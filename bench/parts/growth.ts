import { type Drain, drainService } from '../flow/drain.ts';
import { cpuMicroseconds } from '../measure/usage-during.ts';
import { clearAll, makeBacklog } from '../flow/orders.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { rateOf } from './backlog.ts';
import type { Part } from './part.ts';

const part = 'growth';
const notified = 2;

/**
 * Backlogs that grow, on tables that grow with them, since nothing is cleared between the steps. Each step is run once. The start
 * of the functions' workers is in each figure, so it weighs on the small steps.
 */
export const growth: Part = async (bed, options) => {
  await clearAll(bed);
  const figures: Figure[] = [];
  for (const orders of options.growthSteps) {
    await makeBacklog(bed, { orders });
    const step = beginStep(`growth: ${orders.toLocaleString('en-US')} orders`, orders);
    const drain = await drainService(bed, {}, step.left);
    step.done();
    figures.push(...figuresOf(drain, orders));
  }
  return figures;
};

function figuresOf(drain: Drain, orders: number): Figure[] {
  const name = `${orders.toLocaleString('en-US')} orders`;
  const { program, kafka, postgres } = drain.usage;
  const memory = { service: program, Kafka: kafka, PostgreSQL: postgres };
  const cpu = cpuMicroseconds(drain.usage, orders);
  return [
    figureOf({ part, unit: 'orders/s', name, values: [rateOf(drain, notified, orders)] }),
    ...(cpu === undefined ? [] : [figureOf({ part, unit: 'µs CPU/order', name, values: [cpu] })]),
    ...Object.entries(memory).flatMap(([process, usage]) =>
      usage ? [figureOf({ part, unit: 'MB', name: `${name}: ${process}`, values: [usage.rssMb] })] : [],
    ),
  ];
}
