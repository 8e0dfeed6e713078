// npm run console:pictures: takes the screenshots of the console in README.md and README.ko.md, from a
// service of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectDirectory, readSettings } from '../../lib/local/stack/settings.ts';
import { launchChromium } from '../support/chromium.ts';
import { ownStack, startService } from '../support/service.ts';

const folder = join(projectDirectory, 'docs', 'pictures');

/** The longest wait for what should be in a picture, in ms. */
const patienceMs = 60_000;

/** Orders before the pictures are taken, so that the flow has something to show. */
const ordersBefore = [
  { sku: 'ABC-001', qty: 2 },
  { sku: 'ABC-001', qty: 1 },
  { sku: 'ABC-002', qty: 1 },
  { sku: 'FAIL', qty: 1 },
];

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  mkdirSync(readSettings().dataDirectory, { recursive: true });
  const browser = await launchChromium();
  if (!browser) throw new Error('Install Chromium first.');
  const service = await startService({ environment: await ownStack() });
  try {
    for (const item of ordersBefore) await placeOrder(service.httpUrl, item);
    for (const language of ['en', 'ko']) await takePictures(browser, service.httpUrl, language);
  } finally {
    await browser.close();
    await service.stop();
  }
}

async function placeOrder(httpUrl: string, item: object): Promise<void> {
  const response = await fetch(`${httpUrl}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 42, items: [item] }),
  });
  if (!response.ok) throw new Error(`An order was refused: ${response.status} ${await response.text()}`);
}

async function takePictures(browser: Browser, httpUrl: string, language: string): Promise<void> {
  const context = await browser.newContext({
    baseURL: httpUrl,
    viewport: { width: 1_120, height: 790 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  await showJourney(page, language);
  await page.screenshot({ path: join(folder, `journey.${language}.png`) });
  await page.goto(`/console/flow?lang=${language}`);
  await page.locator('main svg .letters').first().waitFor();
  await page.locator('main table').waitFor();
  await page.screenshot({ path: join(folder, `flow.${language}.png`) });
  await context.close();
}

/** An order placed with the form, followed to its mail. */
async function showJourney(page: Page, language: string): Promise<void> {
  await page.goto(`/console?lang=${language}`);
  await page.locator('[data-action="place"]').click();
  await page.locator('[data-step="notify"] summary').waitFor();
  await page.mouse.move(0, 0);
}

await main();
