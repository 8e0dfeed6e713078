import autocannon from 'autocannon';
import { clearAll } from '../flow/orders.ts';
import { figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { startService } from '../service/service.ts';
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
      empty: await load(bed, '/api/empty', requestSeconds, `requests ${round}: empty function`),
      order: await load(bed, '/api/orders', requestSeconds, `requests ${round}: POST /api/orders`),
    }));
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
      figureOf({ part, unit: 'ms', name: 'POST /api/orders, p50', values: orders.map(({ p50 }) => p50) }),
      figureOf({ part, unit: 'ms', name: 'POST /api/orders, p99', values: orders.map(({ p99 }) => p99) }),
    ];
  } finally {
    await service.stop();
  }
};

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
