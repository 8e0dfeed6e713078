import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';
import type { Stock } from './reservation.ts';

environment();
const { listStock } = await import('./list-stock.ts');

/** A handler over this many SKUs, and the pages that it asked the store for. */
function listing(count: number) {
  const stock = Array.from({ length: count }, (_, index): Stock => {
    return { sku: `S-${String(index).padStart(4, '0')}`, onHand: 3, reserved: 1 };
  });
  const handle = listStock({
    store: {
      listStock: (afterSku = '', limit) =>
        Promise.resolve(stock.filter(({ sku }) => sku > afterSku).slice(0, limit)),
    },
  });
  return async (queryStringParameters: Record<string, string> = {}) => {
    const { body } = await handle(emptyRequest({ queryStringParameters }));
    return body as { stock: (Stock & { available: number })[]; nextCursor?: string };
  };
}

describe('GET /api/stock', () => {
  it('when all fits on a page, shows it without a cursor', async () => {
    expect(await listing(1)()).toEqual({ stock: [{ sku: 'S-0000', onHand: 3, reserved: 1, available: 2 }] });
  });

  it('when no limit is given, shows 100, and the cursor leads to the rest', async () => {
    const list = listing(250);
    const skus: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(cursor === undefined ? {} : { cursor });
      skus.push(...page.stock.map(({ sku }) => sku));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(skus).toHaveLength(250);
    expect(new Set(skus).size).toBe(250);
  });

  it.each([
    ['cursor', ''],
    ['cursor', 'IA'],
    ['cursor', 'not base64!'],
    ['limit', '0'],
    ['limit', '1001'],
  ])('when %s is "%s", answers 422', async (name, value) => {
    await expect(listing(1)({ [name]: value })).rejects.toMatchObject({
      status: 422,
      errors: [{ pointer: name }],
    });
  });
});
