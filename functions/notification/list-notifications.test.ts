import type { Caller } from '../../lib/http/caller.ts';
import { customer, developer, operator } from '../../test/support/callers.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest } from '../../test/support/request.ts';
import type { Notification } from './notification-store.ts';

environment();
const { listNotifications } = await import('./list-notifications.ts');

const sentAt = new Date('2026-11-22T10:00:03.000Z');
const notification = (deliveryId: number, rest: Partial<Notification> = {}): Notification => ({
  deliveryId,
  orderId: 7,
  kind: 'reserved',
  channel: 'email',
  status: 'SENT',
  sentAt,
  ...rest,
});

describe('GET /api/notifications', () => {
  const stored = [1, 2, 3, 4, 5].map((id) => notification(id, { orderId: id }));
  const handle = listNotifications({
    store: {
      listByOrder: (orderId, userId = 42) =>
        Promise.resolve(
          orderId === 7 && userId === 42
            ? [notification(1), notification(2, { kind: 'released', status: 'SKIPPED', sentAt: null })]
            : [],
        ),
      listByUser: (_userId, after, limit) =>
        Promise.resolve(stored.filter(({ deliveryId }) => deliveryId > after).slice(0, limit)),
    },
  });
  const get = async (queryStringParameters: Record<string, string>, caller: Caller = developer) =>
    handle(emptyRequest({ queryStringParameters }), caller);

  it('when queried by order, shows its messages, with sentAt where there is one', async () => {
    expect(await get({ orderId: '7' })).toEqual({
      status: 200,
      body: {
        notifications: [
          { orderId: 7, kind: 'reserved', channel: 'email', status: 'SENT', sentAt },
          { orderId: 7, kind: 'released', channel: 'email', status: 'SKIPPED' },
        ],
      },
    });
  });

  it('when nothing is known of the order, shows an empty list', async () => {
    expect(await get({ orderId: '8' })).toEqual({ status: 200, body: { notifications: [] } });
  });

  it("when a customer queries another's order, shows an empty list, as for an order that does not exist", async () => {
    expect(await get({ orderId: '7' }, customer(43))).toEqual({ status: 200, body: { notifications: [] } });
    expect(await get({ orderId: '7' }, customer(42))).not.toEqual({
      status: 200,
      body: { notifications: [] },
    });
  });

  it("when a customer queries another's number, answers 404; operators may query any", async () => {
    await expect(get({ userId: '42' }, customer(43))).rejects.toMatchObject({ status: 404 });
    expect(await get({ userId: '42' }, operator)).toMatchObject({ status: 200 });
    expect(await get({ userId: '42' }, customer(42))).toMatchObject({ status: 200 });
  });

  it("when a user's pages are followed by their cursor, returns every message once, oldest first", async () => {
    const seen: number[] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const { body } = await get({ userId: '42', limit: '2', ...(cursor && { cursor }) });
      const page = body as { notifications: Notification[]; nextCursor?: string };
      seen.push(...page.notifications.map(({ orderId }) => orderId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    [{}, ['orderId', 'userId']],
    [{ orderId: '7', userId: '42' }, ['orderId', 'userId']],
    [{ orderId: 'none' }, ['orderId']],
    [{ userId: '0' }, ['userId']],
    [{ userId: '42', limit: '1001' }, ['limit']],
    [{ userId: '42', cursor: 'xx' }, ['cursor']],
  ])('when the query is %j, answers 422 and names %j', async (query, pointers) => {
    await expect(get(query as Record<string, string>)).rejects.toMatchObject({
      status: 422,
      errors: pointers.map((pointer) => ({ pointer })),
    });
  });
});
