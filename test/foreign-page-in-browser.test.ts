import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { freePort, loopback } from '../lib/local/stack/ports.ts';
import { launchChromium } from './support/chromium.ts';
import { startService, type Service } from './support/service.ts';

const userId = 8_416;
const order = JSON.stringify({ userId, items: [{ sku: 'ABC-001', qty: 1 }] });

let browser: Browser | undefined;
let service: Service;
let inboxUrl: string;
let website: Server;
let websiteUrl: string;

beforeAll(async () => {
  browser = await launchChromium();
  const mailPort = await freePort();
  inboxUrl = `http://localhost:${mailPort}`;
  const mail = { SMTP_URL: '', SMTP_PORT: String(await freePort()), MAIL_PORT: String(mailPort) };
  service = await startService({ environment: { OPENORDER_STACK: '', ...mail } });
  website = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(`<a href="${service.httpUrl}/console">console</a>`);
  });
  website.listen(0, loopback);
  await once(website, 'listening');
  websiteUrl = `http://localhost:${(website.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  website.close();
  expect(await service.stop()).toBe(0);
}, 60_000);

interface ScriptRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly mode?: 'no-cors';
}

/** Sends a request as a script of the page does, and returns what the script finds out. */
const sendFrom = (page: Page, url: string, request: ScriptRequest = {}) =>
  page.evaluate(
    async ({ target, options }) => {
      try {
        const response = await fetch(target, options);
        return `${response.type} ${response.status} ${await response.text()}`;
      } catch {
        return 'refused';
      }
    },
    { target: url, options: request },
  );

async function placedOrders(): Promise<unknown[]> {
  const response = await fetch(`${service.httpUrl}/api/orders?userId=${userId}`);
  return ((await response.json()) as { orders: unknown[] }).orders;
}

it('when Chromium shows a page of another origin, then its scripts, forms and images neither run nor read anything', async () => {
  if (!browser) return;
  const page = await browser.newPage();
  await page.goto(websiteUrl);
  const invocation = `${service.lambdaUrl}/2015-03-31/functions/openorder-local-createOrder/invocations`;
  const asText = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: order };
  const asJson = { method: 'POST', headers: { 'content-type': 'application/json' }, body: order };
  expect(await sendFrom(page, `${service.httpUrl}/api/orders`, asText)).toBe('refused');
  expect(await sendFrom(page, `${service.httpUrl}/api/orders`, asJson)).toBe('refused');
  expect(await sendFrom(page, `${service.httpUrl}/api/stock`)).toBe('refused');
  expect(await sendFrom(page, invocation, asText)).toBe('refused');
  expect(await sendFrom(page, `${inboxUrl}/api/v1/messages`)).toBe('refused');
  expect(await sendFrom(page, `${service.httpUrl}/api/orders`, { ...asText, mode: 'no-cors' })).toBe(
    'opaque 0 ',
  );

  const image = page.waitForEvent('requestfailed', (request) => request.url().startsWith(inboxUrl));
  await page.setContent(`<img src="${inboxUrl}//">`);
  await image; // Chromium keeps an answer that is no image from the page
  expect((await fetch(`${inboxUrl}/api/v1/messages`)).status).toBe(200);
  expect(await placedOrders()).toEqual([]);
}, 60_000);

it('when a link on such a page leads to the console, then it opens, and its own scripts may send requests', async () => {
  if (!browser) return;
  const page = await browser.newPage();
  await page.goto(websiteUrl);
  const opened = page.waitForResponse((response) => response.url() === `${service.httpUrl}/console`);
  await page.click('a');
  expect((await opened).status()).not.toBe(403);
  expect(await sendFrom(page, '/api/stock')).toMatch(/^basic 200 .*ABC-001/);
}, 60_000);
