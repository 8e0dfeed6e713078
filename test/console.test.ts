import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';
import { visit as visitWith, visitMs } from './support/console-visit.ts';
import { ownStack, startService, type Service } from './support/service.ts';

const pages = [
  '/console',
  '/console/orders',
  '/console/orders/1',
  '/console/orders/3',
  '/console/flow',
  '/console/topics',
  '/console/topics/order.created',
  '/console/topics/order.created/0/0',
  '/console/topics/order.created.DLT',
  '/console/dead-letters',
  '/console/dead-letters/1',
  '/console/stock',
  '/console/inbox',
  '/console/no-such-page',
];

let service: Service | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  if (browser) service = await startService({ environment: await ownStack() });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  if (service) expect(await service.stop()).toBe(0);
}, 60_000);

/** Runs a visit, after which nothing may have gone wrong in the browser. */
function visit(act: (page: Page) => Promise<void>, options: BrowserContextOptions = {}, expected?: string) {
  return visitWith({ browser, origins: [service?.httpUrl ?? ''], ...options }, act, expected);
}

const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`).first();

it(
  'when nothing has been ordered yet, the overview says how to begin',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByText('curl -X POST').waitFor();
    });
  },
  visitMs,
);

it(
  'when an order is placed with the form, its journey is followed to the mail',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByRole('button', { name: 'Place order', exact: true }).click();
      for (const name of ['createOrder', 'order.created', 'reserveInventory', 'inventory.reserved']) {
        await step(page, name).waitFor();
      }
      await step(page, 'settleOrder').waitFor();
      await step(page, 'notify').waitFor();
      await page.getByText('Show the mail').click();
      await page.frameLocator('iframe').getByText('Your order is confirmed').waitFor();
    });
  },
  visitMs,
);

it(
  'when stock is short, the journey says what was wanted and what is available',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByLabel('SKU').fill('ABC-002');
      await page.getByRole('button', { name: 'Place order', exact: true }).click();
      await step(page, 'inventory.rejected').waitFor();
      await page.getByText('wanted 2, available 0').waitFor();
    });
  },
  visitMs,
);

it(
  'when an order fails, its dead letter is redriven from the journey, and the result is shown',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByRole('button', { name: 'Place one that fails (FAIL)' }).click();
      const letters = page.locator('[data-dead-letter]');
      await letters.first().waitFor();
      await letters.first().getByText('3 attempts').waitFor();
      await page.getByText('waits for a decision').waitFor();
      await letters.first().locator('[data-action="redrive"]').click();
      await letters.nth(1).waitFor();
      await page.getByText('Redriven', { exact: false }).first().waitFor();
    });
  },
  visitMs,
);

it(
  'when an order fails, its dead letter is parked from the journey, and taken back',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByRole('button', { name: 'Place one that fails (FAIL)' }).click();
      const letter = page.locator('[data-dead-letter]').first();
      await letter.getByText('New', { exact: false }).waitFor();
      await letter.getByRole('button', { name: 'Park' }).click();
      await letter.getByText('Parked').waitFor();
      expect(await letter.getByRole('button', { name: 'Park' }).count()).toBe(0);
      await letter.getByRole('button', { name: 'Undo' }).click();
      await letter.getByRole('button', { name: 'Park' }).waitFor();
    });
  },
  visitMs,
);

it(
  'when an order is cancelled from its journey, confirmation is asked for, and its stock is released',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByRole('button', { name: 'Place order', exact: true }).click();
      await step(page, 'settleOrder').waitFor();
      await page.getByRole('button', { name: 'Cancel order' }).click();
      const question = page.getByRole('dialog', { name: 'Cancel order' });
      await question.getByRole('button', { name: 'No, go back' }).click();
      await question.waitFor({ state: 'hidden' });
      expect(await step(page, 'cancelOrder').count()).toBe(0);
      await page.getByRole('button', { name: 'Cancel order' }).click();
      await question.getByRole('button', { name: 'Yes, do it' }).click();
      for (const name of ['cancelOrder', 'order.cancelled', 'releaseInventory', 'inventory.released']) {
        await step(page, name).waitFor();
      }
      expect(await page.getByRole('button', { name: 'Cancel order' }).count()).toBe(0);
    });
  },
  visitMs,
);

it(
  'when a record is looked up by its key, it is found, and its headers and bytes are shown',
  async () => {
    await visit(async (page) => {
      await page.goto('/console/topics/order.created');
      await page.getByLabel('Key').fill('1');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('Searched partition').waitFor();
      await page.locator('th.place a').first().click();
      await page.getByText('ce_specversion').waitFor();
      await page.getByText('As bytes').click();
      await page.getByText('7b 22 6f 72').waitFor();
    });
  },
  visitMs,
);

it(
  'when stock is set below what is reserved, the refusal is shown beside the button',
  async () => {
    const setStock = async (page: Page) => {
      await page.goto('/console/stock');
      await page.getByLabel('On hand of ABC-001').fill('1');
      await page.getByRole('row', { name: 'ABC-001' }).getByRole('button', { name: 'Set' }).click();
      await page.getByText('More than 1 units of ABC-001 are reserved').waitFor();
    };
    await visit(setStock, {}, '409');
  },
  visitMs,
);

it(
  'when the address names a language, the page is in it, and links keep it',
  async () => {
    await visit(async (page) => {
      await page.goto('/console?lang=ko');
      await page.getByRole('heading', { level: 1, name: '개요' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('ko');
      await page.getByRole('link', { name: '주문', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: '주문' }).waitFor();
      expect(new URL(page.url()).searchParams.get('lang')).toBe('ko');
    });
  },
  visitMs,
);

it(
  'when the browser prefers Korean and the address says nothing, the page is in Korean',
  async () => {
    await visit(
      async (page) => {
        await page.goto('/console/flow');
        await page.getByRole('heading', { level: 1, name: '흐름' }).waitFor();
      },
      { locale: 'ko-KR' },
    );
  },
  visitMs,
);

it(
  'when only the keyboard is used, an order is placed',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      const place = page.getByRole('button', { name: 'Place order', exact: true });
      await place.waitFor();
      for (let presses = 0; presses < 40; presses += 1) {
        if ((await page.locator(':focus').allTextContents()).includes('Place order')) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      await step(page, 'order.created').waitFor();
    });
  },
  visitMs,
);

it(
  'when the page is in Korean, orders are placed, refused, and redriven after a failure',
  async () => {
    await visit(
      async (page) => {
        const letters = page.locator('[data-dead-letter]');
        await page.goto('/console');
        await page.getByRole('button', { name: '주문하기', exact: true }).click();
        await step(page, 'notify').getByText('주문 확정 안내').waitFor();
        await page.goto('/console');
        await page.getByLabel('SKU').fill('ABC-002');
        await page.getByRole('button', { name: '주문하기', exact: true }).click();
        await page.getByText('요청 2개, 판매 가능 0개').waitFor();
        await page.goto('/console');
        await page.getByRole('button', { name: '실패하는 주문 넣기 (FAIL)' }).click();
        await letters.first().getByText('시도 3회').waitFor();
        await letters.first().getByRole('button', { name: '재전송' }).click();
        await letters.nth(1).getByText('이전에 1번 재전송됨').waitFor();
      },
      { locale: 'ko-KR' },
    );
  },
  visitMs,
);

it(
  'when keys are pressed outside a field, they lead to pages and rows; in a field they are typed',
  async () => {
    await visit(async (page) => {
      await page.goto('/console');
      await page.getByRole('button', { name: 'Place order', exact: true }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
      await page.getByRole('row').nth(1).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      expect(await page.locator(':focus').getAttribute('href')).toMatch(/^\/console\/orders\/\d+$/);
      await page.keyboard.press('/');
      await page.getByLabel('Customer').focus();
      await page.keyboard.type('g?p');
      expect(await page.getByLabel('Customer').inputValue()).toBe('g?p');
      expect(await page.getByRole('dialog').count()).toBe(0);
    });
  },
  visitMs,
);

it(
  'when the shortcuts are listed, they can be switched off, and stay off',
  async () => {
    await visit(async (page) => {
      await page.goto('/console/flow');
      await page.getByRole('table').waitFor();
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
      expect((await axeOf(page)).violations).toEqual([]);
      await dialog.getByLabel('Use these keys').uncheck();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.reload();
      await page.getByRole('table').waitFor();
      await page.keyboard.press('?');
      await page.keyboard.press('p');
      expect(await dialog.count()).toBe(0);
      await page.getByRole('button', { name: 'Pause' }).waitFor();
    });
  },
  visitMs,
);

describe.each([
  { lang: 'en', colorScheme: 'light' },
  { lang: 'en', colorScheme: 'dark' },
  { lang: 'ko', colorScheme: 'light' },
  { lang: 'ko', colorScheme: 'dark' },
] as const)('in $lang, $colorScheme', ({ lang, colorScheme }) => {
  it(
    'when any page is shown, it fits a phone and a wide screen, and everyone can use it',
    async () => {
      const checkPages = async (page: Page) => {
        const faults: string[] = [];
        for (const path of pages) faults.push(...(await faultsOf(page, `${path}?lang=${lang}`)));
        expect(faults).toEqual([]);
      };
      await visit(checkPages, { colorScheme, reducedMotion: 'reduce' });
    },
    3 * visitMs,
  );
});

const widths = [1_440, 360];

/** What keeps someone from using a page, as far as axe can tell, and whether it is wider than the screen. */
async function faultsOf(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  await page.locator('h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  const faults: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const overflow: number = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) faults.push(`${path} is ${overflow} px too wide for ${width}`);
    const { violations } = await axeOf(page);
    faults.push(
      ...violations.map(
        ({ id, nodes }) => `${path} ${width}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      ),
    );
  }
  return faults;
}

/** The mail in its frame is checked where it is written; no script may run in there. */
function axeOf(page: Page) {
  return new AxeBuilder({ page }).setLegacyMode().exclude('iframe').analyze();
}
