import { setTimeout as pause } from 'node:timers/promises';
import { withAdmin } from '../../lib/kafka/kafkajs/with-admin.ts';
import { untilConsumed } from '../flow/consumption.ts';
import { type Load, load, order } from '../flow/load.ts';
import { makeBacklog, resetDatabase } from '../flow/orders.ts';
import { type OrderTimes, pace, placeOneByOne } from '../flow/orders-one-by-one.ts';
import { stages } from '../flow/stages.ts';
import { type CpuByShare, cpuByShare, memoryByProgram } from '../measure/everything-used.ts';
import { percentile } from '../measure/statistic.ts';
import type { Options } from '../options.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { portsOfBed } from '../service/bed.ts';
import { readFunctionKeys } from '../service/configuration.ts';
import { type Everything, startEverything } from '../service/everything.ts';
import { inRounds } from './part.ts';

const part = 'everything';

/** How long the service is left alone before the memory of an idle service is read, in ms. */
const idleMs = 20_000;
const warmUpOrders = 100;
/** In µs per order; functions that take less have nothing to do with it. */
const leastMicroseconds = 5;

/**
 * What `npm start` delivers, with every trigger and all parts on one machine: requests, single orders, memory
 * and a backlog. Needs no bed.
 */
export async function everything(options: Options): Promise<Figure[]> {
  const running = await startEverything(options.firstPort + portsOfBed, options.profileDirectory);
  try {
    await prepare(running);
    return [
      ...(await idleMemory(running)),
      ...(await requestFigures(running, options)),
      ...(await latencyFigures(running, options)),
      ...(await burstFigures(running)),
      ...(await backlogFigures(running, options)),
    ];
  } finally {
    await running.stop();
  }
}

async function prepare(running: Everything): Promise<void> {
  await resetDatabase(running);
  await running.database.query(
    `INSERT INTO notification.contact (user_id, email) VALUES (42, 'user42@example.com')`,
  );
}

async function idleMemory(running: Everything): Promise<Figure[]> {
  await placeOneByOne(running, 1, 'everything: one order');
  await pause(idleMs);
  return memoryFigures(running, '20 s after one order', 860);
}

async function memoryFigures({ program }: Everything, when: string, atMost?: number): Promise<Figure[]> {
  const memory = await memoryByProgram(program.pid);
  const sum = [...memory.values()].reduce((all, mb) => all + mb, 0);
  if (sum === 0) return [];
  const unit = 'MB PSS';
  const goal = atMost === undefined ? {} : { goal: { of: 'median', atMost } as const };
  return [
    figureOf({ part, unit, name: `${when}: total`, values: [sum], ...goal }),
    ...[...memory].map(([name, mb]) => figureOf({ part, unit, name: `${when}: ${name}`, values: [mb] })),
  ];
}

interface MeasuredLoad extends Load {
  /** Per order, in µs. */
  readonly cpu: CpuByShare;
}

async function requestFigures(running: Everything, { rounds, requestSeconds }: Options): Promise<Figure[]> {
  const url = `${running.url}/api/orders`;
  await load(url, requestSeconds, 'everything: warm-up');
  const loads = await inRounds(rounds, () => measuredLoad(running, url, requestSeconds));
  const values = (figure: keyof Load) => loads.map((one) => one[figure]);
  const name = 'POST /api/orders, 10 connections';
  const goal = { of: 'median', atLeast: 1_000 } as const;
  return [
    figureOf({ part, unit: 'requests/s', name, values: values('rate'), goal }),
    figureOf({ part, unit: 'ms', name: `${name}, p50`, values: values('p50') }),
    figureOf({ part, unit: 'ms', name: `${name}, p99`, values: values('p99') }),
    ...cpuFigures(loads),
  ];
}

/** By share, largest first; shares below {@link leastMicroseconds} are left out. */
function cpuFigures(loads: readonly MeasuredLoad[]): Figure[] {
  const shares = new Set(loads.flatMap(({ cpu }) => [...cpu.keys()]));
  return [...shares]
    .map((name) => {
      const values = loads.map(({ cpu }) => cpu.get(name) ?? 0);
      return figureOf({ part, unit: 'µs CPU/order', name, values });
    })
    .filter(({ median }) => median >= leastMicroseconds)
    .toSorted((one, other) => other.median - one.median);
}

async function measuredLoad(running: Everything, url: string, seconds: number): Promise<MeasuredLoad> {
  const { pid } = running.program;
  const functionKeys = await readFunctionKeys();
  const before = await cpuByShare(pid, functionKeys);
  const result = await load(url, seconds, 'everything: requests');
  await untilDrained(running); // what the orders cost after their response counts, too
  const after = await cpuByShare(pid, functionKeys);
  const orders = result.rate * seconds;
  const perOrder = [...after].map(
    ([share, ms]) => [share, ((ms - (before.get(share) ?? 0)) * 1000) / orders] as const,
  );
  return { ...result, cpu: new Map(perOrder) };
}

function untilDrained({ kafka }: Everything): Promise<void> {
  return withAdmin(kafka, async (admin) => {
    for (const stage of Object.values(stages)) await untilConsumed(admin, stage);
  });
}

const goals: Readonly<Record<keyof OrderTimes, readonly [p50: number, p99: number] | undefined>> = {
  answered: undefined,
  decided: [4, 10],
  notified: [10, 25],
};

const steps: Readonly<Record<keyof OrderTimes, string>> = {
  answered: 'POST to its response',
  decided: 'POST to the outcome on its topic',
  notified: 'POST to the mail accepted',
};

async function latencyFigures(running: Everything, { rounds, latencySeconds }: Options): Promise<Figure[]> {
  await placeOneByOne(running, warmUpOrders, 'everything: one by one, warm-up');
  const all = await inRounds(rounds, (round) =>
    placeOneByOne(running, latencySeconds * pace, `everything ${round}: ${pace} orders/s`),
  );
  return (['answered', 'decided', 'notified'] as const).flatMap((step) =>
    ([50, 99] as const).map((percent, index) => {
      const atMost = goals[step]?.[index];
      const values = all.map((orders) =>
        percentile(
          orders.map((one) => one[step]),
          percent,
        ),
      );
      const goal = atMost === undefined ? {} : { goal: { of: 'median', atMost } as const };
      return figureOf({ part, unit: 'ms', name: `${steps[step]}, p${percent}`, values, ...goal });
    }),
  );
}

/** 100 concurrent requests to each of three routes. */
async function burstFigures(running: Everything): Promise<Figure[]> {
  const { url } = running;
  const step = beginStep('everything: 3 × 100 concurrent requests', 1);
  const body = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  };
  const requests = Array.from({ length: 100 }, () => [
    fetch(`${url}/api/orders`, body),
    fetch(`${url}/api/orders?userId=42`),
    fetch(`${url}/api/stock`),
  ]);
  const answers = await Promise.all(requests.flat());
  await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  step.done();
  const failed = answers.filter(({ ok }) => !ok).length;
  if (failed > 0) throw new Error(`${failed} of ${answers.length} concurrent requests failed.`);
  await untilDrained(running);
  const atOnce = await memoryFigures(running, 'after 3 × 100 concurrent requests', 1_300);
  await pause(idleMs);
  return [...atOnce, ...(await memoryFigures(running, '20 s later'))];
}

async function backlogFigures(running: Everything, { orders }: Options): Promise<Figure[]> {
  const step = beginStep('everything: backlog', orders);
  const begun = Date.now();
  await makeBacklog(running, { orders });
  await untilDrained(running);
  step.done();
  const rate = (orders * 1000) / (Date.now() - begun);
  const name = 'orders drained while being written to the topic';
  return [
    figureOf({ part, unit: 'orders/s', name, values: [rate] }),
    ...(await memoryFigures(running, 'after the backlog')),
  ];
}
