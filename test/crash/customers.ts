import { setTimeout as pause } from 'node:timers/promises';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { Random } from '../support/random.ts';
import type { Answered } from '../support/invariants.ts';

/** One customer's wish: an order, sent under its key until it is answered, and perhaps its cancel. */
interface Wish {
  readonly key: string;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly cancels: boolean;
  /** How long the customer thinks before the cancel. */
  readonly cancelAfterMs: number;
  /** Sends the same request again although it was answered. */
  readonly repeats: boolean;
}

/** What the customers went through. */
export interface Visits {
  readonly answered: Answered[];
  /** Requests that got no answer, or 503, and were sent again. */
  retries: number;
  replays: number;
  /** Answers that no request should get. */
  readonly surprises: string[];
}

interface Reply {
  readonly status: number;
  readonly body: { readonly orderId?: number; readonly status?: string };
  readonly replayed: boolean;
}

/** How many units of each SKU are on hand. CRASH-HOT runs out, CRASH-NEVER does not exist. */
const stock = { 'CRASH-PLENTY': 1_000_000, 'CRASH-OTHER': 1_000_000, 'CRASH-GONE': 0 };

/** The SKU that `serverless.yml` makes fail. */
export const faultSku = 'FAIL';

/** Users are numbered from 1 to this. */
export const customers = 500;

const customersAtOnce = 24;

/** How long a customer waits for an answer, and then before sending again, in ms. */
const answerMs = 8_000;
const retryMs = 300;

/**
 * How long after the last order's time the last answer may arrive, in ms; a customer without one then gives
 * up, and the run fails.
 */
const patienceMs = 240_000;

/** Stocks the units; of CRASH-HOT too few for everyone. */
export async function putStock(url: string, hotUnits: number): Promise<void> {
  for (const [sku, onHand] of Object.entries({ ...stock, 'CRASH-HOT': hotUnits })) {
    const response = await fetch(`${url}/api/stock/${sku}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand }),
    });
    if (!response.ok) throw new Error(`No stock of ${sku}: ${response.status}.`);
  }
}

/** Where the customers go, and what they note. */
interface Round {
  readonly url: string;
  readonly visits: Visits;
  /** Aborted when nobody is waiting any longer. */
  readonly closing: AbortSignal;
}

/**
 * Sends all orders, spread over a time, each until it is answered. Resolves when the last one is.
 * @throws TimeoutError when an answer does not come for minutes
 */
export async function visit(url: string, wishes: readonly Wish[], durationMs: number): Promise<Visits> {
  const visits: Visits = { answered: [], retries: 0, replays: 0, surprises: [] };
  const round: Round = { url, visits, closing: AbortSignal.timeout(durationMs + patienceMs) };
  const startedAt = Date.now();
  const waiting = wishes.entries();
  const customer = async () => {
    for (const [index, wish] of waiting) {
      await pause(Math.max(0, startedAt + (index / wishes.length) * durationMs - Date.now()));
      visits.answered.push(await fulfil(round, wish));
    }
  };
  await Promise.all(Array.from({ length: customersAtOnce }, customer));
  return visits;
}

async function fulfil(round: Round, wish: Wish): Promise<Answered> {
  const { orderId = 0 } = (await post(round, '/api/orders', [201], wish)).body;
  if (wish.repeats) await repeat(round, wish, orderId);
  const { userId, items } = wish;
  const isFaulty = items.some(({ sku }) => sku === faultSku);
  return { orderId, userId, items, isFaulty, cancel: await maybeCancel(round, orderId, wish) };
}

async function repeat(round: Round, wish: Wish, orderId: number): Promise<void> {
  const { body, replayed } = await post(round, '/api/orders', [201], wish);
  if (replayed && body.orderId === orderId) round.visits.replays += 1;
  else
    round.visits.surprises.push(
      `the same request again was answered with order ${body.orderId ?? 0} beside ${orderId}`,
    );
}

async function maybeCancel(round: Round, orderId: number, wish: Wish): Promise<Answered['cancel']> {
  if (!wish.cancels) return 'not asked for';
  await pause(wish.cancelAfterMs);
  const { status } = await post(round, `/api/orders/${orderId}/cancel`, [202, 409]);
  return status === 202 ? 'accepted' : 'refused';
}

/**
 * Sends until one of the awaited answers arrives; no answer, 503, and 409 for a key in flight mean: try
 * again.
 */
async function post(round: Round, path: string, awaited: readonly number[], wish?: Wish): Promise<Reply> {
  for (;;) {
    round.closing.throwIfAborted();
    const reply = await send(round.url + path, wish).catch(() => undefined);
    if (reply && awaited.includes(reply.status)) return reply;
    if (reply && reply.status !== 503 && reply.status !== 409) {
      round.visits.surprises.push(`POST ${path} was answered with ${reply.status}`);
    }
    round.visits.retries += 1;
    await pause(retryMs);
  }
}

async function send(url: string, wish: Wish | undefined): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method: 'POST',
    headers: wish ? { ...headers, 'idempotency-key': wish.key } : headers,
    body: wish ? JSON.stringify({ userId: wish.userId, items: wish.items }) : null,
    signal: AbortSignal.timeout(answerMs),
  });
  const body = (await response.json()) as Reply['body'];
  return { status: response.status, body, replayed: response.headers.get('idempotent-replayed') === 'true' };
}

/**
 * The wishes of all customers: most are plain, some are out of stock, unknown, faulty, cancelled or sent
 * twice.
 */
export function makeWishes(count: number, random: Random): Wish[] {
  const run = random.between(0, 2 ** 31).toString(36);
  return Array.from({ length: count }, (_, index) => ({
    key: `${run}-${index}`,
    userId: random.between(1, customers),
    items: basket(random),
    cancels: random.oneIn(6),
    cancelAfterMs: random.pick([0, 0, 20, 200, 3_000]),
    repeats: random.oneIn(20),
  }));
}

function basket(random: Random): OrderItem[] {
  const item = (sku: string, most: number) => ({ sku, qty: random.between(1, most) });
  if (random.oneIn(100)) return [item(faultSku, 1), item('CRASH-PLENTY', 2)];
  if (random.oneIn(30)) return [item('CRASH-NEVER', 1)];
  if (random.oneIn(20)) return [item('CRASH-PLENTY', 2), item('CRASH-GONE', 1)];
  if (random.oneIn(3)) return [item('CRASH-HOT', 3)];
  return random.oneIn(2) ? [item('CRASH-PLENTY', 5)] : [item('CRASH-OTHER', 2), item('CRASH-PLENTY', 2)];
}
