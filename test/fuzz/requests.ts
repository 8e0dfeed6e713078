import { request } from 'node:http';
import type { Random } from '../support/random.ts';

/** How many requests are in progress at a time. */
const atOnce = 20;

/** The answers to odd requests; `failures` describes those with a status of 500, or without an answer. */
export async function sendRequests(url: string, count: number, random: Random) {
  const statuses = new Map<string, number>();
  const failures: string[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const odd = oddRequest(random);
      const status = await send(url, odd).catch((error: unknown) => String(error));
      statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
      if (typeof status === 'string' || status === 500)
        failures.push(`${status} ${JSON.stringify(odd).slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { statuses, failures };
}

interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

const oddTexts = [
  '',
  '0',
  '-1',
  '1',
  '42',
  '1e30',
  'MWUzMA',
  'IA',
  '%00',
  '%F0%9F%98%80',
  'a,b',
  '..',
  'null',
  '9'.repeat(30),
  'x'.repeat(500),
] as const;
const paths = [
  '/api/orders',
  '/api/orders/{}',
  '/api/orders/{}/cancel',
  '/api/stock',
  '/api/stock/{}',
  '/api/notifications',
  '/api/users/{}/contacts',
  '/api/topics',
  '/api/topics/{}/records',
  '/api/inbox/{}',
  '/api/{}',
  '/{}',
] as const;
const parameters = [
  'userId',
  'orderId',
  'limit',
  'cursor',
  'status',
  'from',
  'key',
  'partition',
  'offset',
  'other',
] as const;
const bodies = [
  '',
  '{}',
  '[]',
  'null',
  'false',
  '0',
  '"text"',
  '{"userId":',
  '{"userId":42,"items":[{"sku":"ABC-001","qty":1}]}',
  '{"userId":1e300,"items":{}}',
  '{"onHand":-1}',
  '{"onHand":9007199254740993}',
  '{"webhook":"http://[::1]/","email":"\\u0000@x"}',
  '{"__proto__":{"a":1}}',
] as const;

function oddRequest(random: Random): OddRequest {
  const query = Array.from(
    { length: random.between(0, 3) },
    () => `${random.pick(parameters)}=${random.pick(oddTexts)}`,
  );
  return {
    method: random.pick(['GET', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']),
    path:
      random.pick(paths).replace('{}', random.pick(oddTexts)) +
      (query.length > 0 ? `?${query.join('&')}` : ''),
    headers: {
      'content-type': random.pick([
        'application/json',
        'text/plain',
        'application/x+json; a=b',
        '',
        'application/json, a',
      ]),
      'idempotency-key': random.pick<string | string[]>(['k', '"k"', ['a', 'b'], 'x'.repeat(300)]),
      traceparent: random.pick(['', '00-0-0-00', 'x']),
    },
    body: random.oneIn(100) ? `{"userId":1,"items":[${'0,'.repeat(100_000)}0]}` : random.pick(bodies),
  };
}

function send(url: string, { method, path, headers, body }: OddRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // Its own connection: the host may close a kept-alive one just as it is reused.
    const sent = request(
      { hostname, port, method, path, headers, timeout: 30_000, agent: false },
      (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s')));
    sent.on('error', reject);
    sent.end(['GET', 'HEAD'].includes(method) ? undefined : body);
  });
}
