import type { Browser, Page } from 'playwright-core';
import { freePort } from '../lib/local/stack/ports.ts';
import { launchChromium } from './support/chromium.ts';
import { visit as visitWith, visitMs } from './support/console-visit.ts';
import { startService, type Service } from './support/service.ts';

let service: Service | undefined;
let browser: Browser | undefined;
let issuer: string;

beforeAll(async () => {
  browser = await launchChromium();
  const authPort = await freePort();
  issuer = `http://localhost:${authPort}`;
  const environment = { OPENORDER_AUTH: 'on', AUTH_PORT: String(authPort) };
  if (browser) service = await startService({ environment });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  if (service) expect(await service.stop()).toBe(0);
}, 60_000);

/** Runs a visit, after which nothing may have gone wrong in the browser. */
function visit(act: (page: Page) => Promise<void>, expected?: string) {
  return visitWith({ browser, origins: [service?.httpUrl ?? '', issuer] }, act, expected);
}

async function signInAs(page: Page, who: 'this customer' | 'operator', path = '/console') {
  await page.goto(path);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: `Sign in as ${who}` }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`).first();
const placeOrder = (page: Page) => page.getByRole('button', { name: 'Place order', exact: true }).click();

it(
  'when nobody has signed in, the console asks to, and shows and requests nothing else',
  async () => {
    await visit(async (page) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto('/console/orders');
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      expect(await page.getByRole('navigation').getByRole('link').count()).toBe(0);
      expect(asked.filter((path) => path.startsWith('/api'))).toEqual([]);
    });
  },
  visitMs,
);

it(
  'when an operator signs in, the requested page is shown, and an order is followed to its mail',
  async () => {
    await visit(async (page) => {
      await signInAs(page, 'operator', '/console/flow');
      await heading(page, 'Flow').waitFor();
      expect(new URL(page.url()).search).toBe('');
      await page.getByRole('link', { name: 'Overview' }).click();
      await placeOrder(page);
      await step(page, 'inventory.reserved').waitFor();
      await step(page, 'notify').waitFor();
    });
  },
  visitMs,
);

it(
  'when customer 42 signs in, places an order and sees what becomes of it, without the operators’ parts',
  async () => {
    await visit(async (page) => {
      await signInAs(page, 'this customer');
      await heading(page, 'Overview').waitFor();
      expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
        'Overview',
        'Orders',
      ]);
      await placeOrder(page);
      await step(page, 'settleOrder').waitFor();
      await step(page, 'notify').waitFor();
      expect(await page.locator('[data-step="order.created"], [data-action="redrive"]').count()).toBe(0);
      await page.getByRole('link', { name: 'Orders', exact: true }).click();
      await page.getByRole('table').waitFor();
      expect(new Set(await page.locator('td a').allTextContents())).toEqual(new Set(['42']));
    });
  },
  visitMs,
);

it(
  'when a customer opens an operators’ page, it says who it is for, and nothing is requested',
  async () => {
    await visit(async (page) => {
      await signInAs(page, 'this customer', '/console/stock');
      await heading(page, 'For operators').waitFor();
    });
  },
  visitMs,
);

it(
  'when a customer opens an order that is not theirs, the page says so in words',
  async () => {
    const openOrder = async (page: Page) => {
      await signInAs(page, 'this customer', '/console/orders/999999');
      await page.getByRole('alert').getByText('This could not be shown.').waitFor();
    };
    await visit(openOrder, '404');
  },
  visitMs,
);

it(
  'when the issuer sends an error back, the page says what it said, and offers to try again',
  async () => {
    await visit(async (page) => {
      await page.route(`${issuer}/authorize?**`, async (route) => {
        const asked = new URL(route.request().url()).searchParams;
        const back = new URL(asked.get('redirect_uri') ?? '');
        back.search = new URLSearchParams({
          error: 'access_denied',
          state: asked.get('state') ?? '',
        }).toString();
        await route.fulfill({ status: 303, headers: { location: back.href } });
      });
      await page.goto('/console');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').getByText('access_denied').waitFor();
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    });
  },
  visitMs,
);

it(
  'when someone signs out, the console asks to sign in again',
  async () => {
    await visit(async (page) => {
      await signInAs(page, 'operator');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    });
  },
  visitMs,
);
