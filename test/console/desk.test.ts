import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { audience } from '../../lib/local/stack/issuer/callers.ts';
import { loadSigningKey } from '../../lib/local/stack/issuer/signing-key.ts';
import { signToken } from '../../lib/local/stack/issuer/token.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { launchChromium } from '../support/chromium.ts';
import { visit as visitWith, visitMs } from '../support/console-visit.ts';
import { sendFailures } from '../support/desk-letters.ts';
import { ownStack, type Service, startService } from '../support/service.ts';
import { waitFor } from '../support/wait.ts';

let service: Service;
let browser: Browser | undefined;
let brokers: string[];
let issuer: string;
let writer: string;
let reader: string;

/** Longer than what a page shows of a value. */
const longValue = JSON.stringify({ orderId: 'x'.repeat(70_000), end: 'of the long value' });

/** 5,001 dead letters of thirteen causes; two of them cannot be sent. */
const failures = [
  { exception: 'DatabaseStatementError', count: 1_200 },
  { exception: 'InvalidRecordError', count: 50, value: '{"orderId":' },
  { exception: 'MixedBatch', count: 20 },
  { exception: 'MixedBatch', count: 2, originalTopic: 'order.created.v0' },
  { exception: 'Pair', count: 2 },
  ...Array.from({ length: 7 }, (_, index) => ({ exception: `Cause${index + 1}`, count: 532 })),
  { exception: 'Rare', count: 2 },
  { exception: 'LongValue', count: 1, value: longValue },
];

async function api<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(service.httpUrl + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${writer}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

const totalOf = async (query: string) =>
  (await api<{ total: number }>(`/api/dead-letters/causes?${query}`)).total;
const patience = (what: string) => ({ deadlineMs: 90_000, what, intervalMs: 250 });

beforeAll(async () => {
  browser = await launchChromium();
  if (!browser) return;
  const authPort = await freePort();
  issuer = `http://localhost:${authPort}`;
  const environment = { ...(await ownStack()), OPENORDER_AUTH: 'on', AUTH_PORT: String(authPort) };
  service = await startService({ environment });
  ({ brokers } = await service.ready());
  const key = await loadSigningKey(service.dataDirectory);
  const claims = { iss: issuer, aud: audience, sub: 'kim' };
  writer = await signToken(key, { ...claims, scope: 'operator:read operator:write' }, 3_600);
  reader = await signToken(key, { ...claims, scope: 'operator:read' }, 3_600);
  await sendFailures(brokers, failures);
  await waitFor(async () => (await totalOf('')) === 5_001, patience('the dead letters to be archived'));
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (browser) expect(await service.stop()).toBe(0);
}, 60_000);

/** Runs a visit of somebody who has signed in; nothing may go wrong in the browser. */
function visit(
  act: (page: Page) => Promise<void>,
  expected?: string,
  who = writer,
  options: BrowserContextOptions = {},
) {
  const session = JSON.stringify({ accessToken: who, expiresAt: Date.now() + 3_000_000 });
  const signedIn = async (page: Page) => {
    await page.addInitScript(`sessionStorage.setItem('openorder.session', ${JSON.stringify(session)})`);
    await act(page);
  };
  return visitWith({ browser, origins: [service.httpUrl, issuer], ...options }, signedIn, expected);
}

const address = (parameters: Record<string, string>) =>
  `/console/dead-letters?${new URLSearchParams(parameters).toString()}`;
const causeRow = (page: Page, exception: string) =>
  page.getByRole('region', { name: 'By cause' }).getByRole('row', { name: exception });

/** Opens the preview of an action on a cause. */
async function preview(page: Page, verb: 'Redrive' | 'Park' | 'Discard', exception: string) {
  await page.goto(address({ exception, status: 'NEW' }));
  await causeRow(page, exception)
    .first()
    .getByRole('button', { name: `${verb}…` })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
}

it(
  'when letters are filtered, the address holds the filter, and the page shows those and no others',
  async () => {
    await visit(async (page) => {
      await page.goto('/console/dead-letters');
      await page.getByRole('heading', { name: 'By cause (5,0' }).waitFor();
      for (const { exception } of failures) await causeRow(page, exception).first().waitFor();
      await page.getByLabel('Cause', { exact: true }).fill('MixedBatch');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByRole('heading', { name: 'By cause (22)' }).waitFor();
      expect(await causeRow(page, 'Rare').count()).toBe(0);
      expect(new URL(page.url()).searchParams.get('exception')).toBe('MixedBatch');
      await page.getByText('npm run dead-letters -- list --exception MixedBatch').waitFor();
    });
  },
  visitMs,
);

it(
  'when letters arrive after the preview, they are left alone; and what was parked is taken back',
  async () => {
    await visit(async (page) => {
      const dialog = await preview(page, 'Park', 'Cause1');
      await dialog.getByRole('heading', { name: 'Park 532 dead letters of order.created?' }).waitFor();
      await sendFailures(brokers, [{ exception: 'Cause1', count: 5 }]);
      await waitFor(async () => (await totalOf('exception=Cause1')) === 537, patience('five more'));
      expect(await dialog.getByRole('button', { name: 'Park 532' }).count()).toBe(0);
      await dialog.getByLabel('Type 532 to go on').fill('532');
      await dialog.getByRole('button', { name: 'Park 532' }).click();
      await page.getByText('532 of 532 done').waitFor();
      expect(await totalOf('exception=Cause1&status=NEW')).toBe(5);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('link', { name: 'Undone' }).waitFor();
      expect(await totalOf('exception=Cause1&status=NEW')).toBe(537);
    });
  },
  visitMs,
);

it(
  'when somebody else decides about one of them after the preview, nothing is changed and the new preview shown',
  async () => {
    const parkLate = async (page: Page) => {
      const dialog = await preview(page, 'Discard', 'Rare');
      await dialog.getByRole('button', { name: 'Discard 2' }).waitFor();
      const { deadLetters } = await api<{ deadLetters: { deadLetterId: number }[] }>(
        '/api/dead-letters?exception=Rare',
      );
      await api('/api/dead-letters/park', { ids: [deadLetters[0]?.deadLetterId] });
      await dialog.getByRole('button', { name: 'Discard 2' }).click();
      await dialog.getByRole('alert').getByText('Other dead letters match by now').waitFor();
      await dialog.getByRole('button', { name: 'Discard 1' }).click();
      await page.getByText('1 of 1 done').waitFor();
    };
    await visit(parkLate, '409');
  },
  visitMs,
);

it(
  'when 1,200 are redriven, it can be paused, its tab closed, and gone on with in another',
  async () => {
    let operation = '';
    await visit(async (page) => {
      const dialog = await preview(page, 'Redrive', 'DatabaseStatementError');
      await dialog
        .getByRole('listitem')
        .getByText('openorder-local-reserveInventory-order.created')
        .waitFor();
      await dialog.getByText('Stock may be reserved').waitFor();
      await dialog.getByLabel('At most per second').fill('200');
      await dialog.getByLabel('Type 1200 to go on').fill('1,200');
      await dialog.getByRole('button', { name: 'Redrive 1,200' }).click();
      await page.getByText('200 of 1,200 done').waitFor();
      await page.locator('main').getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('heading', { name: 'Paused' }).waitFor();
      operation = page.url();
    });
    const before = await totalOf('exception=DatabaseStatementError&status=NEW');
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1_200);
    await visit(async (page) => {
      await page.goto(operation);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('1,200 of 1,200 done').waitFor();
      await page.getByText('A redrive cannot be undone.').waitFor();
    });
    expect(await totalOf('exception=DatabaseStatementError&status=REDRIVEN')).toBe(1_200);
  },
  2 * visitMs,
);

it(
  'when Kafka would not take some, they are listed with the reason, and parked',
  async () => {
    await visit(async (page) => {
      await page.goto(address({ exception: 'MixedBatch', status: 'NEW' }));
      await page.getByRole('button', { name: 'Redrive… everything that matches' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Redrive 22' }).click();
      await page.getByText('20 of 22 done, 2 could not be sent').waitFor();
      await page.getByText('Its header names the topic order.created.v0').first().waitFor();
    });
    expect(await totalOf('exception=MixedBatch&status=PARKED')).toBe(2);
  },
  visitMs,
);

it(
  'when one is sent first and fails again with the same cause, the page says so before the rest is sent',
  async () => {
    await visit(async (page) => {
      const dialog = await preview(page, 'Redrive', 'InvalidRecordError');
      await dialog.getByRole('button', { name: 'Send one and watch' }).click();
      await page.getByText('It failed again with the same cause.').waitFor();
      await page.getByRole('button', { name: 'Redrive… the rest' }).waitFor();
    });
    expect(await totalOf('exception=InvalidRecordError&status=REDRIVEN')).toBe(1);
  },
  visitMs,
);

it(
  'when one is sent first and is processed, the rest is offered',
  async () => {
    await visit(async (page) => {
      const dialog = await preview(page, 'Redrive', 'Cause2');
      await dialog.getByRole('button', { name: 'Send one and watch' }).click();
      await page.getByText('It was processed.').waitFor();
      await page.getByRole('button', { name: 'Redrive… the rest' }).click();
      await page.getByRole('dialog').getByLabel('Type 531 to go on').waitFor();
    });
  },
  visitMs,
);

it(
  'when an operator may only read, there is nothing to change anything with',
  async () => {
    const look = async (page: Page) => {
      for (const path of ['/console/dead-letters', '/console/dead-letters/1', '/console/operations']) {
        await page.goto(path);
        await page.getByText('npm run dead-letters').first().waitFor();
        const names = await page.locator('main button').allTextContents();
        expect(names.filter((name) => !['Search', 'Copy as command'].includes(name))).toEqual([]);
      }
    };
    await visit(look, undefined, reader);
  },
  visitMs,
);

it(
  'when a value is long, its beginning is shown until the whole is asked for, by readers too',
  async () => {
    const look = async (page: Page) => {
      await page.goto(address({ exception: 'LongValue' }));
      await page.getByRole('region', { name: 'One by one' }).getByRole('rowheader').getByRole('link').click();
      await page.getByText('Only the first 64 kB are shown.').waitFor();
      expect(await page.getByText('of the long value').count()).toBe(0);
      await page.getByRole('button', { name: 'Load all' }).click();
      await page.getByText('of the long value').waitFor();
      expect(await page.getByRole('button', { name: 'Load all' }).count()).toBe(0);
    };
    await visit(look, undefined, reader);
  },
  visitMs,
);

it(
  'when only the keyboard is used, two letters are parked',
  async () => {
    await visit(async (page) => {
      await page.goto(address({ exception: 'Pair', status: 'NEW' }));
      await causeRow(page, 'Pair').waitFor();
      const reach = async (name: string) => {
        for (let presses = 0; presses < 60; presses += 1) {
          const focused = page.locator(':focus');
          const label = (await focused.count()) > 0 ? await focused.getAttribute('aria-label') : '';
          const shown = `${label ?? ''} ${(await focused.allTextContents()).join('')}`;
          if (shown.includes(name)) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`${name} cannot be reached.`);
      };
      await reach('Park… Pair');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await reach('Park 2');
      await page.keyboard.press('Enter');
      await page.getByText('2 of 2 done').waitFor();
    });
  },
  visitMs,
);

describe.each([
  { lang: 'en', colorScheme: 'light', width: 1_440, redrive: 'Redrive… Cause3' },
  { lang: 'ko', colorScheme: 'dark', width: 360, redrive: '재전송… Cause3' },
] as const)('in $lang, $colorScheme, $width px wide', ({ lang, colorScheme, width, redrive }) => {
  it(
    'when any page of the desk is shown, with its dialog too, everybody can use it',
    async () => {
      const options = { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' } as const;
      const check = async (page: Page) => {
        for (const path of ['/console/dead-letters/1', '/console/operations', '/console/dead-letters']) {
          await page.goto(`${path}?lang=${lang}`);
          await page.getByText('npm run dead-letters').first().waitFor();
          expect(await faultsOf(page)).toEqual([]);
        }
        await page.getByRole('button', { name: redrive }).first().click();
        await page.getByRole('dialog').waitFor();
        expect(await faultsOf(page)).toEqual([]);
        await api('/api/dead-letters/park', { exception: 'Cause4', status: 'NEW' });
        await page.goto(`/console/operations?lang=${lang}`);
        await page.locator('tbody th a').first().click();
        await page.getByText('npm run dead-letters').first().waitFor();
        expect(await faultsOf(page)).toEqual([]);
      };
      await visit(check, undefined, writer, options);
    },
    2 * visitMs,
  );
});

/** What keeps somebody from using a page, and whether it is wider than the screen. */
async function faultsOf(page: Page): Promise<string[]> {
  const overflow: number = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return [
    ...(overflow > 0 ? [`${page.url()} is ${overflow} px too wide`] : []),
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ];
}
