import type { Caller } from '../../lib/http/caller.ts';
import { customer, developer, operator } from '../../test/support/callers.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';
import type { OrderPage } from './order-store.ts';
import type { Order } from './order.ts';

environment();
const { getOrder } = await import('./get-order.ts');
const { listOrders } = await import('./list-orders.ts');
const { cancelOrder } = await import('./cancel-order.ts');

const order = (orderId: number, userId = 42): Order => ({
  orderId,
  userId,
  status: 'CONFIRMED',
  items: [{ sku: 'ABC-001', qty: 2 }],
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

describe('GET /api/orders/{orderId}', () => {
  const handle = getOrder({
    store: { find: (orderId) => Promise.resolve(orderId === 7 ? order(7) : undefined) },
  });
  const get = (orderId: string, caller: Caller = developer) =>
    handle(emptyRequest({ pathParameters: { orderId } }), caller);

  it('when the order exists, shows it to its customer and to operators', async () => {
    expect(await get('7', customer(42))).toEqual({ status: 200, body: order(7) });
    expect(await get('7', operator)).toEqual({ status: 200, body: order(7) });
  });

  it("when it is another customer's, answers as if it did not exist", async () => {
    const refusal = await get('7', customer(43)).catch((error: unknown) => error);
    expect(refusal).toEqual(await get('8', customer(43)).catch((error: unknown) => error));
    expect(refusal).toMatchObject({ status: 404 });
  });

  it.each(['8', 'abc', '0', '-7', '7.0', '007', '99999999999999999999'])(
    'when it is %s, answers 404',
    async (id) => {
      await expect(get(id)).rejects.toMatchObject({ status: 404 });
    },
  );
});

describe('GET /api/orders', () => {
  const stored = [9, 8, 7, 6, 5];
  const pages: OrderPage[] = [];
  const handle = listOrders({
    store: {
      list: (page) => {
        pages.push(page);
        const { before, limit } = page;
        const found = stored.filter((id) => before === undefined || id < before).slice(0, limit);
        return Promise.resolve(found.map((id) => order(id)));
      },
    },
  });
  const list = async (queryStringParameters: Record<string, string>, caller: Caller = developer) =>
    (await handle(emptyRequest({ queryStringParameters }), caller)).body as {
      orders: Order[];
      nextCursor?: string;
    };

  it('when pages are followed by their cursor, returns every order once, newest first', async () => {
    const seen: number[] = [];
    let page = await list({ userId: '42', limit: '2' });
    for (;;) {
      seen.push(...page.orders.map(({ orderId }) => orderId));
      if (page.nextCursor === undefined) break;
      page = await list({ userId: '42', limit: '2', cursor: page.nextCursor });
    }
    expect(seen).toEqual(stored);
  });

  it('when everything fits on one page, returns no cursor', async () => {
    expect(await list({ userId: '42' })).not.toHaveProperty('nextCursor');
  });

  it.each([
    [{ userId: 'me' }, 'userId'],
    [{ status: 'SHIPPED' }, 'status'],
    [{ userId: '42', limit: '0' }, 'limit'],
    [{ userId: '42', limit: '101' }, 'limit'],
    [{ userId: '42', cursor: 'xx' }, 'cursor'],
  ])('when the query is %j, answers 422 and names %s', async (query, pointer) => {
    await expect(list(query)).rejects.toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it.each([
    ['a customer names nobody', {}, customer(42), { userId: 42, status: undefined }],
    ['a customer names themselves', { userId: '42' }, customer(42), { userId: 42, status: undefined }],
    ['an operator names nobody', { status: 'REJECTED' }, operator, { userId: undefined, status: 'REJECTED' }],
    ['an operator names a user', { userId: '7' }, operator, { userId: 7, status: undefined }],
  ] as const)('when %s, lists the orders of that user or of all', async (_who, query, caller, page) => {
    await list(query, caller);
    expect(pages.at(-1)).toMatchObject(page);
  });

  it('when a customer names another user, answers 403', async () => {
    await expect(list({ userId: '7' }, customer(42))).rejects.toMatchObject({ status: 403 });
  });
});

describe('POST /api/orders/{orderId}/cancel', () => {
  type Store = Parameters<typeof cancelOrder>[0]['store'];
  const owners: (number | undefined)[] = [];
  const cancel = (
    result: Awaited<ReturnType<Store['cancel']>>,
    published: unknown[] = [],
    caller: Caller = developer,
  ) =>
    cancelOrder({
      store: {
        cancel: (_orderId, _occurrence, ownerId) => {
          owners.push(ownerId);
          return Promise.resolve(result);
        },
      },
      outbox: {
        publish: (row) => {
          published.push(row);
          return Promise.resolve();
        },
      },
      now: () => new Date(),
    })(emptyRequest({ pathParameters: { orderId: '7' } }), caller);
  const outboxRow = {
    outboxId: 1,
    event: { id: 'e', topic: 'order.cancelled', key: '7', time: new Date(), payload: '{}', traceparent: '' },
  };

  it('when the order can be cancelled, answers 202 and publishes order.cancelled', async () => {
    const published: unknown[] = [];
    const answer = await cancel({ outcome: 'cancelled', outboxRow }, published);
    expect(answer).toEqual({ status: 202, body: { orderId: 7, status: 'CANCELLED' } });
    expect(published).toEqual([outboxRow]);
  });

  it('when it was cancelled before, answers the same and publishes nothing', async () => {
    const published: unknown[] = [];
    const answer = await cancel({ outcome: 'cancelled', outboxRow: undefined }, published);
    expect(answer.status).toBe(202);
    expect(published).toEqual([]);
  });

  it('when a customer cancels, only their own orders are considered; an operator can cancel any', async () => {
    await cancel({ outcome: 'cancelled', outboxRow: undefined }, [], customer(42));
    await cancel({ outcome: 'cancelled', outboxRow: undefined }, [], operator);
    expect(owners.slice(-2)).toEqual([42, undefined]);
  });

  it('when it was rejected, answers 409', async () => {
    await expect(cancel({ outcome: 'rejected-before' })).rejects.toMatchObject({ status: 409 });
  });

  it('when there is no such order, answers 404', async () => {
    await expect(cancel({ outcome: 'unknown' })).rejects.toMatchObject({ status: 404 });
  });
});
