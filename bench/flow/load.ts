import autocannon from 'autocannon';
import { beginStep } from '../report/progress.ts';

/** The usual number of concurrent requests. */
export const connections = 10;

/** The body of `POST /api/orders`. */
export const order = { userId: 42, items: [{ sku: 'SKU-1', qty: 1 }] };

/** Requests answered per second, and response times in ms. */
export interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Places orders over `connectionCount` connections; each sends its next order once the last is answered. */
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
    throw new Error(`${url}: ${non2xx} responses were not successful, ${errors} requests failed.`);
  return { rate: requests.average, p50: latency.p50, p99: latency.p99 };
}
