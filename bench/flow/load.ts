import autocannon from 'autocannon';
import { beginStep } from '../report/progress.ts';

/** How many requests are under way at a time, usually. */
export const connections = 10;

/** What `POST /api/orders` is sent. */
export const order = { userId: 42, items: [{ sku: 'SKU-1', qty: 1 }] };

/** Answered requests per second, and how long answers took, in ms. */
export interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Places orders over as many connections, each after the answer to the one before. */
export async function load(
  url: string,
  seconds: number,
  title: string,
  connectionCount = connections,
): Promise<Load> {
  const step = beginStep(title, seconds);
  const { requests, latency, non2xx, errors } = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
    connections: connectionCount,
    duration: seconds,
  });
  step.done();
  if (non2xx + errors > 0)
    throw new Error(`${url}: ${non2xx} answers were no success, ${errors} requests failed.`);
  return { rate: requests.average, p50: latency.p50, p99: latency.p99 };
}
