import type { Caller } from '../../lib/http/caller.ts';
import type { HttpProblem } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { customer, developer, operator } from '../../test/support/callers.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest, jsonRequest } from '../../test/support/request.ts';
import { sample } from '../../test/support/sample.ts';
import type { Placement, PlacementResult } from './order-store.ts';
import type { OutboxRow } from './outbox-row.ts';

environment();
const { createOrder } = await import('./create-order.ts');

const outboxRow: OutboxRow = {
  outboxId: 7,
  event: { id: 'e', topic: 'order.created', key: '12345', time: new Date(), payload: '{}', traceparent: '' },
};

function setUp(result: PlacementResult = { outcome: 'placed', orderId: 12_345, outboxRow }) {
  const placements: Placement[] = [];
  const published: OutboxRow[] = [];
  const create = createOrder({
    store: {
      place: (placement) => {
        placements.push(placement);
        return Promise.resolve(result);
      },
    },
    outbox: {
      publish: (row) => {
        published.push(row);
        return Promise.resolve();
      },
    },
    now: () => new Date('2026-11-22T10:00:00.000Z'),
  });
  const handle = (request: HttpRequest, caller: Caller = developer) => create(request, caller);
  return { handle, placements, published };
}

const order = { userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] };
const problemOf = (request: HttpRequest): Promise<HttpProblem> =>
  setUp()
    .handle(request)
    .then(
      () => Promise.reject(new Error('was answered')),
      (error: unknown) => error as HttpProblem,
    );

describe('POST /api/orders', () => {
  it('when the order is valid, answers 201 with its id, and publishes its event', async () => {
    const { handle, published } = setUp();
    expect(await handle(sample('createOrder', 'order') as HttpRequest)).toEqual({
      status: 201,
      body: { orderId: 12_345, status: 'PENDING' },
      headers: { location: '/api/orders/12345' },
    });
    expect(published).toEqual([outboxRow]);
  });

  it('when it has unknown fields, stores only the known ones, of which its event is made', async () => {
    const { handle, placements } = setUp();
    await handle(jsonRequest({ ...order, coupon: 'X', items: [{ sku: 'ABC-001', qty: 2, colour: 'red' }] }));
    expect(placements[0]).toMatchObject({
      ...order,
      occurrence: { time: new Date('2026-11-22T10:00:00.000Z') },
    });
    expect(placements[0]).not.toHaveProperty('coupon');
    expect(placements[0]?.items[0]).not.toHaveProperty('colour');
  });

  it('when the caller is being traced, the event continues its trace', async () => {
    const { handle, placements } = setUp();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await handle(jsonRequest(order, { headers: { traceparent } }));
    expect(placements[0]?.occurrence.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/,
    );
  });

  it.each([
    ['userId 0', { ...order, userId: 0 }, '/userId'],
    ['userId as a string', { ...order, userId: '42' }, '/userId'],
    ['userId beyond 2^53-1', { ...order, userId: 2 ** 53 }, '/userId'],
    ['no userId', { items: order.items }, '/userId'],
    ['no items', { userId: 42 }, '/items'],
    ['an empty list of items', { userId: 42, items: [] }, '/items'],
    ['101 items', { userId: 42, items: Array(101).fill(order.items[0]) }, '/items'],
    ['a SKU with a space', { userId: 42, items: [{ sku: 'A B', qty: 1 }] }, '/items/0/sku'],
    ['a SKU of 65 characters', { userId: 42, items: [{ sku: 'A'.repeat(65), qty: 1 }] }, '/items/0/sku'],
    ['qty 0', { userId: 42, items: [order.items[0], { sku: 'A', qty: 0 }] }, '/items/1/qty'],
    ['qty 10001', { userId: 42, items: [{ sku: 'A', qty: 10_001 }] }, '/items/0/qty'],
    ['half a unit', { userId: 42, items: [{ sku: 'A', qty: 0.5 }] }, '/items/0/qty'],
    ['a body that is a list', [order], ''],
  ])('when it has %s, answers 422 and points to the field', async (_what, body, pointer) => {
    const problem = await problemOf(jsonRequest(body));
    expect(problem.status).toBe(422);
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });

  it('when several fields are invalid, names each', async () => {
    const problem = await problemOf(sample('createOrder', 'invalid-fields') as HttpRequest);
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([
      '/userId',
      '/items/0/sku',
      '/items/0/qty',
    ]);
  });

  it.each([
    ['not JSON', sample('createOrder', 'not-json'), 400],
    ['empty', emptyRequest(), 400],
    ['a form', sample('createOrder', 'unsupported-media-type'), 415],
    ['encoded', jsonRequest(order, { headers: { 'content-encoding': 'gzip' } }), 415],
    ['over 256 KiB', jsonRequest({ ...order, padding: 'x'.repeat(256 * 1024) }), 413],
  ])('when the body is %s, refuses it', async (_what, request, status) => {
    expect((await problemOf(request as HttpRequest)).status).toBe(status);
  });

  it('when the media type is a +json type, accepts the order', async () => {
    const { handle } = setUp();
    const request = jsonRequest(order, {
      headers: { 'content-type': 'application/vnd.shop+json; charset=utf-8' },
    });
    expect((await handle(request)).status).toBe(201);
  });

  it('when the body is base64, reads it just the same', async () => {
    const { handle } = setUp();
    const body = Buffer.from(JSON.stringify(order)).toString('base64');
    expect((await handle({ ...emptyRequest(), body, isBase64Encoded: true })).status).toBe(201);
  });
});

describe('POST /api/orders by a customer', () => {
  it('when the order is their own, or an operator places it for them, accepts it', async () => {
    const { handle, placements } = setUp();
    await handle(jsonRequest(order), customer(42));
    await handle(jsonRequest(order), operator);
    expect(placements).toHaveLength(2);
  });

  it('when the order names another user, answers 403 and places nothing', async () => {
    const { handle, placements } = setUp();
    await expect(handle(jsonRequest(order), customer(7))).rejects.toMatchObject({ status: 403 });
    expect(placements).toEqual([]);
  });
});

describe('POST /api/orders with an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'k1' };

  it('when the key is new, stores it with a digest that unknown fields and spacing do not change', async () => {
    const { handle, placements } = setUp();
    await handle(jsonRequest(order, { headers }));
    await handle({ ...emptyRequest({ headers }), body: JSON.stringify({ ...order, more: 1 }, null, 2) });
    expect(placements[0]?.idempotency).toEqual({ key: 'k1', digest: expect.any(String) as string });
    expect(placements[1]?.idempotency).toEqual(placements[0]?.idempotency);
  });

  it('when the body differs, so does the digest', async () => {
    const { handle, placements } = setUp();
    await handle(jsonRequest(order, { headers }));
    await handle(jsonRequest({ ...order, userId: 43 }, { headers }));
    expect(placements[1]?.idempotency?.digest).not.toBe(placements[0]?.idempotency?.digest);
  });

  it('when key and body were used before, answers the same 201, marked as replayed, and publishes nothing', async () => {
    const { handle, published } = setUp({ outcome: 'replayed', orderId: 12_345, sameRequest: true });
    expect(await handle(jsonRequest(order, { headers }))).toEqual({
      status: 201,
      body: { orderId: 12_345, status: 'PENDING' },
      headers: { location: '/api/orders/12345', 'idempotent-replayed': 'true' },
    });
    expect(published).toEqual([]);
  });

  it('when the key was used before with another body, answers 422', async () => {
    const { handle } = setUp({ outcome: 'replayed', orderId: 12_345, sameRequest: false });
    await expect(handle(jsonRequest(order, { headers }))).rejects.toMatchObject({ status: 422 });
  });

  it('when the key is in flight, answers 409', async () => {
    const { handle } = setUp({ outcome: 'in-flight' });
    await expect(handle(jsonRequest(order, { headers }))).rejects.toMatchObject({ status: 409 });
  });

  const keyOf = async (header: string) => {
    const { handle, placements } = setUp();
    await handle(jsonRequest(order, { headers: { 'idempotency-key': header } }));
    return placements[0]?.idempotency?.key;
  };

  it.each([
    ['k1', 'k1'],
    ['"k1"', 'k1'],
    ['"a, b"', 'a, b'],
    ['"say \\"k\\" \\\\"', 'say "k" \\'],
    ["it's/8e03978e-40d5:43dd", "it's/8e03978e-40d5:43dd"],
  ])('when the header is %s, the key is %s', async (header, key) => {
    expect(await keyOf(header)).toBe(key);
  });

  it.each([
    'a b',
    '',
    '""',
    '"a',
    'a"',
    '"a" "b"',
    'a,b',
    'a, a',
    '"a","b"',
    '"a";b=1',
    'ü',
    'x'.repeat(256),
  ])('when the header is malformed or two were combined, as in %j, answers 422', async (header) => {
    const problem = await problemOf(jsonRequest(order, { headers: { 'idempotency-key': header } }));
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: 'Idempotency-Key' }] });
  });
});
