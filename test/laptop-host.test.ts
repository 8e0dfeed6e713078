import { containersPerFunction } from '../lib/local/stack/budget.ts';
import { closeClients } from '../lib/local/stack/invoke-local.ts';
import { freePort } from '../lib/local/stack/ports.ts';
import { createDatabase } from '../lib/postgres/database.ts';
import { sendBytes, sendRequest } from './support/raw-request.ts';
import { startService, type Service } from './support/service.ts';
import { waitFor } from './support/wait.ts';

/** A user of this test's own: whatever is placed for it was placed by a request of this test. */
const userId = 8_415;
const order = JSON.stringify({ userId, items: [{ sku: 'ABC-001', qty: 1 }] });
const json = { 'content-type': 'application/json' };

let service: Service;
let inboxUrl: string;
let functionsUrl: string;

beforeAll(async () => {
  const mailPort = await freePort();
  const environment = {
    OPENORDER_STACK: '',
    SMTP_URL: '',
    SMTP_PORT: String(await freePort()),
    MAIL_PORT: String(mailPort),
    OPENORDER_ORIGINS: 'http://localhost:5173',
  };
  service = await startService({ environment });
  inboxUrl = `http://127.0.0.1:${mailPort}`;
  functionsUrl = `${service.lambdaUrl}/2015-03-31/functions`;
}, 120_000);

afterAll(async () => {
  expect(await service.stop()).toBe(0);
}, 40_000);

const invocationOf = (name: string) => `${functionsUrl}/openorder-local-${name}/invocations`;
const post = (body: string, headers = {}) =>
  sendRequest(`${service.httpUrl}/api/orders`, { method: 'POST', headers: { ...json, ...headers }, body });

async function placedOrders(): Promise<number> {
  const { body } = await sendRequest(`${service.httpUrl}/api/orders?userId=${userId}`);
  return (JSON.parse(body) as { orders: unknown[] }).orders.length;
}

describe('a request with two headers of one name', () => {
  it('when they are idempotency keys, then it is refused, whichever comes last', async () => {
    const answer = await post(order, { 'idempotency-key': ['first', 'second'] });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('Idempotency-Key');
  });
});

describe('a web page that a developer happens to visit', () => {
  const foreign = {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  };

  it.each<[string, Record<string, string>]>([
    ['has another origin', foreign],
    [
      'is on another port of this machine',
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
    ],
    ['has no origin, as a file', { origin: 'null' }],
    ['sends no origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['has had its name rebound', { host: 'evil.example' }],
  ])(
    'when it %s, then it is refused by every server, reads nothing, and no function runs',
    async (_, headers) => {
      const before = await placedOrders();
      const invocation = {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/plain' },
        body: '{}',
      };
      const answers = [
        await post(order, headers),
        await sendRequest(invocationOf('reserveInventory'), invocation),
        await sendRequest(`${inboxUrl}/api/v1/messages`, { headers }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(403);
        expect(answer.headers['content-type']).toBe('application/problem+json');
        expect(JSON.stringify(answer)).not.toMatch(/access-control|evil/);
      }
      expect(await placedOrders()).toBe(before);
    },
  );

  it('when it sends a preflight request, then it is refused', async () => {
    const headers = { ...foreign, 'access-control-request-method': 'PUT' };
    for (const url of [`${service.httpUrl}/api/stock/ABC-001`, invocationOf('discardDeadLetters')]) {
      const answer = await sendRequest(url, { method: 'OPTIONS', headers });
      expect(answer.status).toBe(403);
      expect(JSON.stringify(answer)).not.toMatch(/access-control/);
    }
  });

  it('when the developer trusts its origin, then it may send requests and read the responses', async () => {
    const answer = await post(order, { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' });
    expect(answer.status).toBe(201);
    expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
  });

  it('when it is a page of the server itself, then it passes', async () => {
    const answer = await post(order, { origin: service.httpUrl, 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(201);
  });
});

describe('the process that runs the functions', () => {
  it.each(['false', '0', '-0', 'null', '"asd"', '""', 'true', '1', '[]'])(
    'when the body is the JSON text %s, then the function gets it as it was sent, and answers 422',
    async (body) => {
      const answer = await post(body);
      expect(answer.status).toBe(422);
      expect(answer.body).toContain('must be an object');
    },
  );

  it('when a function that is invoked asynchronously fails, then the process keeps running', async () => {
    const failures = () =>
      service.output().split("Unhandled exception in handler 'reserveInventory'").length - 1;
    const before = failures();
    const older = `${service.lambdaUrl}/2014-11-13/functions/openorder-local-reserveInventory/invoke-async/`;
    const asEvent = { 'x-amz-invocation-type': 'Event' };
    const answers = [
      await sendRequest(older, { method: 'POST', body: '{}' }),
      await sendRequest(invocationOf('reserveInventory'), { method: 'POST', headers: asEvent, body: '{}' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await waitFor(() => failures() === before + 2, { deadlineMs: 20_000, what: 'both invocations to fail' });
    expect((await post(order)).status).toBe(201);
  }, 30_000);

  it('when an invocation names no function or is not JSON, then it is answered as Lambda does', async () => {
    const unknown = await sendRequest(`${functionsUrl}/nobody/invocations`, { method: 'POST', body: '{}' });
    expect([unknown.status, unknown.headers['x-amzn-errortype']]).toEqual([404, 'ResourceNotFoundException']);
    const malformed = await sendRequest(invocationOf('listStock'), { method: 'POST', body: '{' });
    expect([malformed.status, malformed.headers['x-amzn-errortype']]).toEqual([
      400,
      'InvalidRequestContentException',
    ]);
  });

  it.each(['//', '///a', 'http://', 'http://[', '*', '/%ZZ', '/?%'])(
    'when the request line asks for %s, then every server answers it and keeps running',
    async (target) => {
      for (const url of [service.httpUrl, service.lambdaUrl, inboxUrl]) {
        const bytes = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
        expect(await sendBytes(url, bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
      }
    },
  );

  it.each<[string, number, string, Record<string, string>]>([
    ['is larger than 10 MiB', 413, ' '.repeat(10 * 1024 * 1024 + 1), json],
    ['has an invalid content type', 400, '{}', { 'content-type': ';;' }],
    ['has an invalid cookie', 400, '{}', { ...json, cookie: 'a=b=;"' }],
  ])(
    'when a request %s, then it is answered %d with a problem document',
    async (_, status, body, headers) => {
      const answer = await post(body, headers);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      const problem = JSON.parse(answer.body) as { status: number; type: string };
      expect(problem.status).toBe(status);
      expect(problem.type).toMatch(/^urn:openorder:problem:/);
    },
  );
});

describe('a burst of requests', () => {
  const atOnce = (count: number, send: () => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: count }, async () => (await send()).status));
  const observer = createDatabase(process.env['DATABASE_URL'] ?? '');

  async function connections(): Promise<number> {
    const ofOthers = 'SELECT FROM pg_stat_activity WHERE backend_type = $1 AND pid <> pg_backend_pid()';
    return (await observer.query(ofOthers, ['client backend'])).length;
  }

  afterAll(closeClients);

  it('when 300 concurrent requests arrive on three routes, then each is answered, and so is every later one', async () => {
    const get = (path: string) => () => sendRequest(`${service.httpUrl}${path}`);
    const before = await connections();
    const statuses = await Promise.all([
      atOnce(100, () => post(order)),
      atOnce(100, get(`/api/orders?userId=${userId}`)),
      atOnce(100, get('/api/stock')),
    ]);
    expect(new Set(statuses.flat())).toEqual(new Set([200, 201]));
    expect((await connections()) - before).toBeLessThanOrEqual(5 * containersPerFunction);
    const neverCalled = await sendRequest(`${service.httpUrl}/api/notifications?orderId=1`);
    expect(neverCalled.status).toBe(200);
    await waitFor(async () => (await connections()) <= before + 5, {
      deadlineMs: 30_000,
      what: 'the connections of idle containers to be closed',
    });
  }, 90_000);
});
