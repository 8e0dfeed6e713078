import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';
import type { Order } from './order.ts';

environment();
const { getOrder } = await import('./get-order.ts');
const { listOrders } = await import('./list-orders.ts');
const { cancelOrder } = await import('./cancel-order.ts');

const order = (orderId: number): Order => ({
  orderId,
  userId: 42,
  status: 'CONFIRMED',
  items: [{ sku: 'ABC-001', qty: 2 }],
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

describe('GET /api/orders/{orderId}', () => {
  const handle = getOrder({
    store: { find: (orderId) => Promise.resolve(orderId === 7 ? order(7) : undefined) },
  });
  const get = (orderId: string) => handle(emptyRequest({ pathParameters: { orderId } }));

  it('when the order exists, shows it', async () => {
    expect(await get('7')).toEqual({ status: 200, body: order(7) });
  });

  it.each(['8', 'abc', '0', '-7', '7.0', '007', '99999999999999999999'])(
    'when it is %s, answers 404',
    async (id) => {
      await expect(get(id)).rejects.toMatchObject({ status: 404 });
    },
  );
});

describe('GET /api/orders?userId=', () => {
  const stored = [9, 8, 7, 6, 5];
  const handle = listOrders({
    store: {
      listByUser: (_userId, before, limit) =>
        Promise.resolve(
          stored
            .filter((id) => before === undefined || id < before)
            .slice(0, limit)
            .map(order),
        ),
    },
  });
  const list = async (queryStringParameters: Record<string, string>) =>
    (await handle(emptyRequest({ queryStringParameters }))).body as { orders: Order[]; nextCursor?: string };

  it('when pages are followed by their cursor, gives every order once, newest first', async () => {
    const seen: number[] = [];
    let page = await list({ userId: '42', limit: '2' });
    for (;;) {
      seen.push(...page.orders.map(({ orderId }) => orderId));
      if (page.nextCursor === undefined) break;
      page = await list({ userId: '42', limit: '2', cursor: page.nextCursor });
    }
    expect(seen).toEqual(stored);
  });

  it('when everything fits one page, gives no cursor', async () => {
    expect(await list({ userId: '42' })).not.toHaveProperty('nextCursor');
  });

  it.each([
    [{}, 'userId'],
    [{ userId: 'me' }, 'userId'],
    [{ userId: '42', limit: '0' }, 'limit'],
    [{ userId: '42', limit: '101' }, 'limit'],
    [{ userId: '42', cursor: 'xx' }, 'cursor'],
  ])('when the query is %j, answers 422 and names %s', async (query, pointer) => {
    await expect(list(query)).rejects.toMatchObject({ status: 422, errors: [{ pointer }] });
  });
});

describe('POST /api/orders/{orderId}/cancel', () => {
  type Store = Parameters<typeof cancelOrder>[0]['store'];
  const cancel = (result: Awaited<ReturnType<Store['cancel']>>, published: unknown[] = []) =>
    cancelOrder({
      store: { cancel: () => Promise.resolve(result) },
      outbox: {
        publish: (row) => {
          published.push(row);
          return Promise.resolve();
        },
      },
      now: () => new Date(),
    })(emptyRequest({ pathParameters: { orderId: '7' } }));
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

  it('when it was rejected, answers 409', async () => {
    await expect(cancel({ outcome: 'rejected-before' })).rejects.toMatchObject({ status: 409 });
  });

  it('when there is no such order, answers 404', async () => {
    await expect(cancel({ outcome: 'unknown' })).rejects.toMatchObject({ status: 404 });
  });
});
