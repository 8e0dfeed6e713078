import { type Drain, drain, wholeService } from '../flow/drain.ts';
import type { Usage } from '../measure/processes.ts';
import { cpuMicroseconds, type Usages } from '../measure/usage-during.ts';
import { clearAll, makeBacklog } from '../flow/orders.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { rateOf } from './backlog.ts';
import type { Part } from './part.ts';

const part = 'growth';
const notified = 2;

/**
 * Growing backlogs, on tables that grow with them, since nothing is cleared between the steps. Each step runs
 * once. Each figure includes the start of the functions' workers, which weighs most on the small steps.
 */
export const growth: Part = async (bed, options) => {
  await clearAll(bed);
  const drains: Step[] = [];
  for (const orders of options.growthSteps) {
    await makeBacklog(bed, { orders });
    const step = beginStep(`growth: ${orders.toLocaleString('en-US')} orders`, orders);
    const drained = await drain(bed, wholeService, {}, step.left);
    step.done();
    drains.push({ drain: drained, orders });
  }
  const [first] = drains;
  return first ? drains.flatMap((step) => figuresOf(step, first)) : [];
};

interface Step {
  readonly drain: Drain;
  readonly orders: number;
}

/** How much more than the first step a step may take, of CPU time per order and of memory. */
const flat = { of: 'ratio', atMost: 1.2 } as const;

function figuresOf({ drain, orders }: Step, first: Step): Figure[] {
  const name = `${orders.toLocaleString('en-US')} orders`;
  const cost = (step: Step) => cpuMicroseconds(step.drain.usage, step.orders);
  const usages = Object.entries(drain.usage) as [keyof Usages, Usage | undefined][];
  return [
    figureOf({ part, unit: 'orders/s', name, values: [rateOf(drain, notified, orders)] }),
    ...besideFirst(name, 'µs CPU/order', cost({ drain, orders }), cost(first)),
    ...usages.flatMap(([process, usage]) =>
      besideFirst(`${name}: ${names[process]}`, 'MB', usage?.rssMb, first.drain.usage[process]?.rssMb),
    ),
  ];
}

const names: Readonly<Record<keyof Usages, string>> = {
  program: 'service',
  kafka: 'Kafka',
  postgres: 'PostgreSQL',
};

/** A figure whose limit is the first step's; none where it cannot be read. */
function besideFirst(name: string, unit: string, value?: number, first?: number): Figure[] {
  if (value === undefined || first === undefined) return [];
  const limit = { name: 'first step', values: [first] };
  return [figureOf({ part, unit, name, values: [value], limit, goal: flat })];
}
