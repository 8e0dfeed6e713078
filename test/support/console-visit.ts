import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage } from './watched-page.ts';

/** The longest wait for something to appear, in ms, including cold containers on a busy machine. */
const patienceMs = 45_000;

/** The longest that a visit may take in total, in ms. */
export const visitMs = 150_000;

/** What a visit needs to know. */
export interface VisitOptions extends BrowserContextOptions {
  /** The browser; without one, the visit is skipped. */
  readonly browser: Browser | undefined;
  /** The console's origin, and with sign-in the issuer's. */
  readonly origins: readonly [string, ...string[]];
}

/**
 * Runs a visit, after which nothing may have gone wrong in the browser. A visit that fails says what the
 * browser saw.
 * @param expected a complaint that the visit is about, and that is therefore allowed
 */
export async function visit(
  { browser, origins, ...options }: VisitOptions,
  act: (page: Page) => Promise<void>,
  expected?: string,
): Promise<void> {
  if (!browser) return;
  const { page, complaints, unanswered } = await openPage(browser, origins, options);
  page.setDefaultTimeout(patienceMs);
  try {
    await act(page);
  } catch (error) {
    const seen = [...complaints, ...unanswered().map((address) => `unanswered: ${address}`)];
    throw new Error(`At ${page.url()}, the browser saw:\n${seen.join('\n')}`, { cause: error });
  } finally {
    await page.context().close();
  }
  expect(complaints.filter((complaint) => expected === undefined || !complaint.includes(expected))).toEqual(
    [],
  );
}
