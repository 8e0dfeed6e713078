import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';

/** A page that records what ordinary use must not cause. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors in the console, answers of 400 and above, and requests to other origins. */
  readonly complaints: string[];
  /** Addresses that have not answered yet. */
  readonly unanswered: () => readonly string[];
}

/**
 * Opens a page in its own context: no cookies, no cache, no stored settings.
 * @param origins the console's own, and with sign-in the issuer's
 */
export async function openPage(
  browser: Browser,
  origins: readonly [string, ...string[]],
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origins[0], locale: 'en-US', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const open = new Set<Request>();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    open.add(request);
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.includes(origin))
      complaints.push(`foreign: ${request.url()}`);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return { page, complaints, unanswered: () => [...open].map((request) => request.url()) };
}
