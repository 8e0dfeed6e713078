import { orderCreated } from '../../lib/contracts/order-created.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { OpenOrderError } from '../../lib/errors.ts';
import type { Answer } from '../../lib/http/http-function.ts';
import { HttpProblem } from '../../lib/http/problem.ts';
import type { Answered } from '../support/invariants.ts';
import type { ReceivedMail } from '../support/snapshot.ts';
import { developer } from '../support/callers.ts';
import { emptyRequest, jsonRequest } from '../support/request.ts';
import { waitFor } from '../support/wait.ts';
import type { Fault } from './fault.ts';
import { Log, partitions } from './log.ts';
import { createWorker, faultSku, subscriptions, type Subscription, type Worker } from './worker.ts';

/** What a customer wants: an order under a key, requested until it is answered. */
interface Wish {
  readonly key: string;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  orderId?: number;
  cancel: Answered['cancel'] | 'unanswered';
}

/** One partition of a topic, as one function reads it. */
type Place = Subscription & { readonly partition: number };

const places: readonly Place[] = subscriptions.flatMap((subscription) =>
  Array.from({ length: partitions }, (_, partition) => ({ ...subscription, partition })),
);

const groupOf = ({ functionKey, topic }: Subscription) => `${functionKey}-${topic}`;

/** One invocation by a trigger. */
export interface DeliveryOptions {
  /** Selects one of the places where records wait, however many there will be. */
  readonly place: number;
  /** The maximum number of records. */
  readonly limit: number;
  readonly fault: Fault;
}

/** The system under test with the customers' memory of what the API answered. */
export class World {
  log = new Log();
  /** What reached the customers. */
  readonly mails: ReceivedMail[] = [];
  readonly wishes: Wish[] = [];
  readonly #workers: readonly [Worker, Worker];
  #keys = 0;

  constructor(databaseUrl: string) {
    const worker = () => createWorker({ databaseUrl, log: () => this.log, mails: this.mails });
    this.#workers = [worker(), worker()];
  }

  /** Orders that customers know. */
  get answered(): Answered[] {
    return this.wishes.map(({ orderId = 0, userId, items, cancel }) => ({
      orderId,
      userId,
      items,
      cancel: cancel === 'unanswered' ? 'not asked for' : cancel,
      isFaulty: items.some(({ sku }) => sku === faultSku),
    }));
  }

  get database() {
    return this.#workers[0].database;
  }

  /** Forgets everything and fills the stock. */
  async reset(stock: Readonly<Record<string, number>>): Promise<void> {
    this.log = new Log();
    this.wishes.length = 0;
    this.mails.length = 0;
    await this.database.query(
      `TRUNCATE orders.orders, orders.outbox, inventory.stock, inventory.reservation, notification.delivery,
         dead_letter.dead_letter, dead_letter.operation CASCADE`,
    );
    for (const [sku, onHand] of Object.entries(stock)) await this.restock(sku, onHand);
  }

  async restock(sku: string, onHand: number): Promise<void> {
    await this.#workers[0].setOnHand(sku, onHand);
  }

  /** A new order; its customer tries again later when it is not answered. */
  async place(userId: number, items: readonly OrderItem[], fault: Fault): Promise<void> {
    const wish: Wish = { key: `key-${++this.#keys}`, userId, items, cancel: 'not asked for' };
    this.wishes.push(wish);
    await this.ask(wish, fault);
  }

  /** Sends an order under its key, for the first time or again. */
  async ask(wish: Wish, fault: Fault, worker = this.#workers[0]): Promise<void> {
    const { key, userId, items } = wish;
    const request = jsonRequest({ userId, items }, { headers: { 'idempotency-key': key } });
    const answer = await unlessAway(() => worker.during(fault, () => worker.createOrder(request, developer)));
    if (!answer) return;
    const { orderId } = answer.body as { orderId: number };
    if (wish.orderId !== undefined && wish.orderId !== orderId)
      throw new Error(`key ${key} gave orders ${wish.orderId} and ${orderId}`);
    wish.orderId = orderId;
  }

  /** Sends an order from two customers' windows at the same moment. */
  async askTwiceAtOnce(wish: Wish): Promise<void> {
    await allOf(this.#workers.map((worker) => this.ask(wish, 'none', worker)));
  }

  /** Sends another order under a key that is taken: it must be refused. */
  async misuseKey({ key, userId, items, orderId }: Wish): Promise<void> {
    if (orderId === undefined) return;
    const [worker] = this.#workers;
    const other = { userId, items: [...items, { sku: 'OTHER', qty: 1 }] };
    const answer = worker.createOrder(jsonRequest(other, { headers: { 'idempotency-key': key } }), developer);
    await expect(answer).rejects.toMatchObject({ type: 'urn:openorder:problem:idempotency-key-reused' });
  }

  async cancel(wish: Wish, fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    if (wish.orderId === undefined) return;
    if (wish.cancel === 'not asked for') wish.cancel = 'unanswered';
    const request = emptyRequest({ pathParameters: { orderId: String(wish.orderId) } });
    const answer = await unlessAway(() =>
      worker.during(fault, () => worker.cancelOrder(request, developer).catch(refused)),
    );
    if (!answer) return;
    const cancel = answer.status === 202 ? 'accepted' : 'refused';
    if (wish.cancel !== 'unanswered' && wish.cancel !== cancel)
      throw new Error(`the cancel of order ${wish.orderId} was ${wish.cancel}, then ${cancel}`);
    wish.cancel = cancel;
  }

  /** One invocation by a trigger. */
  async deliver({ place, limit, fault }: DeliveryOptions, worker = this.#workers[0]): Promise<void> {
    const waiting = this.#waiting;
    const chosen = waiting[place % waiting.length];
    if (chosen) await this.#deliverTogether([chosen], limit, fault, worker);
  }

  /**
   * One invocation by every trigger with waiting records, of all its partitions, all with the same fault, as
   * in an outage.
   */
  async deliverEverywhere(limit: number, fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    const byTrigger = Map.groupBy(this.#waiting, ({ functionKey, topic }) => `${functionKey} ${topic}`);
    for (const [first, ...others] of byTrigger.values()) {
      if (first) await this.#deliverTogether([first, ...others], limit, fault, worker);
    }
  }

  /**
   * Two invocations at the same moment, perhaps with the very same records, as when a frozen container wakes
   * up.
   */
  async deliverAtOnce(first: DeliveryOptions, second: DeliveryOptions): Promise<void> {
    const [one, other] = this.#workers;
    await allOf([this.deliver(first, one), this.deliver(second, other)]);
  }

  /** Makes a group read records again, as after a crash before its offset moved. */
  rewind(place: number, by: number): void {
    const advanced = places.filter((one) => this.#committed(one) > 0);
    const chosen = advanced[place % advanced.length];
    if (!chosen) return;
    const offset = Math.max(0, this.#committed(chosen) - by);
    this.log.commit(groupOf(chosen), chosen.topic, chosen.partition, offset);
  }

  /**
   * One invocation with records of partitions that one function reads; their offsets move only when it
   * succeeds.
   */
  async #deliverTogether(
    places: readonly [Place, ...Place[]],
    limit: number,
    fault: Fault,
    worker: Worker,
  ): Promise<void> {
    const [{ functionKey }] = places;
    const taken = places.map((place) => ({
      place,
      records: this.log.next(groupOf(place), place.topic, place.partition, limit),
    }));
    const isDone = await unlessAway(async () => {
      await worker.during(fault, () =>
        worker.consumers[functionKey](taken.flatMap(({ records }) => records)),
      );
      return true;
    });
    if (!isDone || fault === 'before the offset moves') return;
    for (const { place, records } of taken) {
      const end = (records.at(-1)?.offset ?? -1) + 1;
      this.log.commit(groupOf(place), place.topic, place.partition, Math.max(this.#committed(place), end));
    }
  }

  #committed(place: Place): number {
    return this.log.committed(groupOf(place), place.topic, place.partition);
  }

  /** Where records wait that a group has not processed. */
  get #waiting(): Place[] {
    return places.filter(
      (place) => this.log.next(groupOf(place), place.topic, place.partition, 1).length > 0,
    );
  }

  /** A record that no function can read. */
  poison(key: string): void {
    this.log.append({ topic: orderCreated.topic, key, value: '{"orderId":', headers: [] });
  }

  async relay(fault: Fault, worker = this.#workers[0]): Promise<void> {
    await unlessAway(() => worker.during(fault, () => worker.relayOutbox()));
  }

  /** Two relays at the same moment, as when one run takes longer than a minute. */
  async relayAtOnce(fault: Fault): Promise<void> {
    const [one, other] = this.#workers;
    await allOf([this.relay(fault, one), this.relay('none', other)]);
  }

  /** Sends dead letters to their topic again; most come back. */
  async redrive(fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    await unlessAway(() => worker.during(fault, () => worker.redriveDeadLetters()));
  }

  /** Gives every customer an answer and every function its records, until nothing is left to do. */
  async drain(): Promise<void> {
    const isDrained = async () => {
      await this.#drainOnce();
      return this.#waiting.length === 0;
    };
    await waitFor(isDrained, { deadlineMs: 10_000, intervalMs: 20, what: 'every record to be processed' });
  }

  async #drainOnce(): Promise<void> {
    for (const wish of this.wishes) {
      if (wish.orderId === undefined) await this.ask(wish, 'none');
      if (wish.cancel === 'unanswered') await this.cancel(wish, 'none');
    }
    await this.relay('none');
    await this.deliverEverywhere(Infinity, 'none');
  }
}

/** Waits for all, even when one fails: nothing of a run may continue into the next. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

/**
 * The result of the work; undefined when it failed for a temporary reason, so that the caller tries again.
 */
async function unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  return (
    (error instanceof OpenOrderError && error.disposition === 'infrastructure') ||
    (error instanceof HttpProblem && error.type === 'urn:openorder:problem:idempotency-key-in-flight')
  );
}

/** The 409 for an order that was already rejected is an answer, too. */
function refused(error: unknown): Pick<Answer, 'status'> {
  if (error instanceof HttpProblem && error.type === 'urn:openorder:problem:order-rejected') return error;
  throw error;
}
