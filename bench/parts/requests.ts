import autocannon from 'autocannon';
import { clearAll } from '../flow/orders.ts';
import { cpuMicroseconds, usageDuring } from '../measure/usage-during.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { type RunningProgram, startService } from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

const part = 'requests';
const connections = 10;
const warmUpSeconds = 3;
const order = { userId: 42, items: [{ sku: 'SKU-1', qty: 1 }] };

/** `POST /api/orders` under load, beside an empty function behind the same serverless-offline. */
export const requests: Part = async (bed, { rounds, requestSeconds, profileDirectory }) => {
  await clearAll(bed);
  const service = await startService(bed, { profileDirectory, only: ['createOrder'] });
  try {
    await load(bed, '/api/empty', warmUpSeconds, 'requests: warm-up');
    await load(bed, '/api/orders', warmUpSeconds, 'requests: warm-up');
    const results = await inRounds(rounds, async (round) => ({
      empty: await measuredLoad(
        bed,
        service,
        '/api/empty',
        requestSeconds,
        `requests ${round}: empty function`,
      ),
      order: await measuredLoad(
        bed,
        service,
        '/api/orders',
        requestSeconds,
        `requests ${round}: POST /api/orders`,
      ),
    }));
    return figuresOf(results);
  } finally {
    await service.stop();
  }
};

type Load = Awaited<ReturnType<typeof measuredLoad>>;

function figuresOf(results: readonly Readonly<Record<'empty' | 'order', Load>>[]): Figure[] {
  const limit = { name: 'empty function', values: results.map(({ empty }) => empty.rate) };
  const goal = { of: 'ratio', atLeast: 0.5 } as const;
  const orders = results.map((round) => round.order);
  return [
    figureOf({ part, unit: 'requests/s', name: 'empty function', values: limit.values }),
    figureOf({
      part,
      unit: 'requests/s',
      name: 'POST /api/orders',
      values: orders.map(({ rate }) => rate),
      limit,
      goal,
    }),
    ...cpuFigures(
      'empty function',
      results.map(({ empty }) => empty.cpu),
    ),
    ...cpuFigures(
      'POST /api/orders',
      orders.map(({ cpu }) => cpu),
    ),
    figureOf({ part, unit: 'ms', name: 'POST /api/orders, p50', values: orders.map(({ p50 }) => p50) }),
    figureOf({ part, unit: 'ms', name: 'POST /api/orders, p99', values: orders.map(({ p99 }) => p99) }),
  ];
}

/** CPU time is steadier than the clock on a machine that others use, too. Empty where it cannot be read. */
function cpuFigures(name: string, cpu: readonly (number | undefined)[]): Figure[] {
  const values = cpu.filter((value) => value !== undefined);
  return values.length === 0 ? [] : [figureOf({ part, unit: 'µs CPU/request', name, values })];
}

async function measuredLoad(bed: Bed, service: RunningProgram, path: string, seconds: number, title: string) {
  const { result, usage } = await usageDuring(bed, service, () => load(bed, path, seconds, title));
  return { ...result, cpu: cpuMicroseconds(usage, result.rate * seconds) };
}

async function load({ ports }: Bed, path: string, seconds: number, title: string) {
  const step = beginStep(title, seconds);
  const {
    requests: answered,
    latency,
    non2xx,
    errors,
  } = await autocannon({
    url: `http://127.0.0.1:${ports.http}${path}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
    connections,
    duration: seconds,
  });
  step.done();
  if (non2xx + errors > 0)
    throw new Error(`${path}: ${non2xx} answers were no success, ${errors} requests failed.`);
  return { rate: answered.average, p50: latency.p50, p99: latency.p99 };
}
