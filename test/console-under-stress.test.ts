import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { Browser, Page } from 'playwright-core';
import { loopback } from '../lib/local/stack/ports.ts';
import { launchChromium } from './support/chromium.ts';
import { visit as visitWith, visitMs } from './support/console-visit.ts';
import { ownStack, startService, type Service } from './support/service.ts';
import { waitFor } from './support/wait.ts';

let service: Service;
let kafkaPort: number;
let browser: Browser | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  if (!browser) return;
  const environment = await ownStack();
  kafkaPort = Number(environment['KAFKA_PORT']);
  service = await startService({ environment });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  if (browser) expect(await service.stop()).toBe(0);
}, 60_000);

/** @param expected a complaint that the visit is about */
function visit(act: (page: Page) => Promise<void>, expected?: string) {
  if (!browser) return Promise.resolve();
  return visitWith({ browser, origins: [service.httpUrl] }, act, expected);
}

const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`).first();
const figure = (page: Page, name: string) => page.locator('.figures div', { hasText: name }).locator('dd');

async function placeOrder(sku = 'ABC-001'): Promise<number> {
  const response = await fetch(`${service.httpUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 42, items: [{ sku, qty: 1 }] }),
  });
  const { orderId } = (await response.json()) as { orderId: number };
  return orderId;
}

/** Places orders from eight clients until it is stopped. */
function startLoad(): { readonly stop: () => Promise<number> } {
  let stopped = false;
  let placed = 0;
  const client = async () => {
    while (!stopped) {
      await placeOrder();
      placed += 1;
    }
  };
  const clients = Array.from({ length: 8 }, client);
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
      return placed;
    },
  };
}

it(
  'when orders pour in, the overview counts them, and the journey of one of them is followed to its end',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await figure(page, 'Orders a minute').waitFor();
      const load = startLoad();
      try {
        const rate = figure(page, 'Orders a minute');
        await waitFor(async () => Number((await rate.textContent())?.replaceAll(',', '')) > 60, {
          deadlineMs: 60_000,
          what: 'the overview to count more than an order a second',
        });
        await page.goto('/console/flow');
        const row = page.getByRole('row', { name: /^reserveInventory order\.created/ });
        await row.waitFor();
        await page.goto(`/console/orders/${await placeOrder()}`);
        for (const name of ['order.created', 'inventory.reserved', 'settleOrder', 'notify']) {
          await step(page, name).waitFor();
        }
      } finally {
        expect(await load.stop()).toBeGreaterThan(50);
      }
      await page.getByText('Show the mail').waitFor();
    });
  },
  2 * visitMs,
);

it(
  'when the page is paused, it requests nothing until it is resumed',
  async () => {
    await visit(async (page) => {
      await page.clock.install();
      await page.goto('/console/topics/order.created');
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('p');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
      const newest = await page.locator('th.place a').first().textContent();
      const orderId = await placeOrder();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.clock.fastForward(60_000);
      expect(asked).toEqual([]);
      expect(await page.locator('th.place a').first().textContent()).toBe(newest);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('link', { name: String(orderId), exact: true }).waitFor();
    });
  },
  visitMs,
);

it(
  'when Kafka dies while someone watches, its part is unknown and never 0, and waiting work resumes on its own',
  async () => {
    const watch = async (page: Page) => {
      await page.goto('/console');
      await figure(page, 'Records waiting').getByText('0').waitFor();
      const block = await killKafka();
      const orderId = await placeOrder();
      try {
        await page.reload();
        await figure(page, 'Records waiting').getByText('unknown').waitFor();
        await figure(page, 'Orders a minute').getByText('unknown').waitFor();
        await page.goto(`/console/orders/${orderId}`);
        await page.getByRole('alert').getByText('Kafka does not answer.').first().waitFor();
        await page.getByText('The order is safe in the database').waitFor();
        expect(await page.locator('[data-step="order.created"]').count()).toBe(0);
      } finally {
        await block.end();
      }
      await step(page, 'order.created').waitFor({ timeout: 120_000 });
      await step(page, 'notify').waitFor({ timeout: 120_000 });
      expect(await page.getByRole('alert').count()).toBe(0);
    };
    await visit(watch, '503');
  },
  3 * visitMs,
);

/** Ends Kafka, and keeps it from starting again by taking its port. */
async function killKafka(): Promise<{ readonly end: () => Promise<void> }> {
  const file = join(service.dataDirectory, 'kafka', 'broker.json');
  const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
  const server = createServer((socket) => socket.destroy());
  process.kill(pid, 'SIGKILL');
  await new Promise<void>((resolve) => {
    server.on('error', () => setImmediate(() => server.listen(kafkaPort, loopback))); // not released yet
    server.listen(kafkaPort, loopback, resolve);
  });
  return {
    end: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

it(
  'when the topics no longer hold an order, its journey comes from what the services remember',
  async () => {
    await visit(async (page) => {
      const orderId = await placeOrder('ABC-002');
      await page.goto(`/console/orders/${orderId}`);
      await step(page, 'notify').waitFor();
      await forgetRecords(['order.created', 'inventory.rejected']);
      await page.reload();
      await page.getByText('no longer on the topics').waitFor();
      await page.getByText('wanted 1, available 0').waitFor();
      for (const name of ['createOrder', 'reserveInventory', 'settleOrder', 'notify']) {
        await step(page, name).locator('time').first().waitFor();
      }
      await page.getByText('Show the mail').click();
      await page.frameLocator('iframe').getByText('ABC-002').waitFor();
    });
  },
  visitMs,
);

/** Deletes what topics hold, as retention does over a month. */
async function forgetRecords(topics: readonly string[]): Promise<void> {
  const kafka = new Kafka({ brokers: [`${loopback}:${kafkaPort}`], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  for (const topic of topics) {
    const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
      partition,
      offset: high,
    }));
    const filled = partitions.filter(({ offset }) => offset !== '0');
    if (filled.length > 0) await admin.deleteTopicRecords({ topic, partitions: filled });
  }
  await admin.disconnect();
}
