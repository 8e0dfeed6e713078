import { orderCreated } from '../../lib/contracts/order-created.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { OpenOrderError } from '../../lib/errors.ts';
import type { Answer } from '../../lib/http/http-function.ts';
import { HttpProblem } from '../../lib/http/problem.ts';
import type { Told } from '../support/invariants.ts';
import type { ReceivedMail } from '../support/snapshot.ts';
import { emptyRequest, jsonRequest } from '../support/request.ts';
import { waitFor } from '../support/wait.ts';
import type { Fault } from './fault.ts';
import { Log, partitions } from './log.ts';
import { createWorker, faultSku, subscriptions, type Subscription, type Worker } from './worker.ts';

/** What a customer wants: an order under a key, asked for until it is answered. */
interface Wish {
  readonly key: string;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  orderId?: number;
  cancel: Told['cancel'] | 'unanswered';
}

/** Which records go to which function: of a partition, what the group has not taken, at most `limit`. */
export interface DeliveryOptions {
  readonly subscription: Subscription;
  readonly partition: number;
  readonly limit: number;
  readonly fault: Fault;
}

/** The system under test with the customers' memory of what they were told. */
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
  get told(): Told[] {
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

  /** Forgets everything and fills the shelves. */
  async reset(stock: Readonly<Record<string, number>>): Promise<void> {
    this.log = new Log();
    this.wishes.length = 0;
    this.mails.length = 0;
    await this.database.query(
      `TRUNCATE orders.orders, orders.outbox, inventory.stock, inventory.reservation, notification.delivery,
         dead_letter.dead_letter, dead_letter.operation`,
    );
    for (const [sku, onHand] of Object.entries(stock)) await this.restock(sku, onHand);
  }

  async restock(sku: string, onHand: number): Promise<void> {
    await this.#workers[0].setOnHand(sku, onHand);
  }

  /** A new order; its customer comes again later when it is not answered. */
  async place(userId: number, items: readonly OrderItem[], fault: Fault): Promise<void> {
    const wish: Wish = { key: `key-${++this.#keys}`, userId, items, cancel: 'not asked for' };
    this.wishes.push(wish);
    await this.ask(wish, fault);
  }

  /** Sends an order under its key, for the first time or again. */
  async ask(wish: Wish, fault: Fault, worker = this.#workers[0]): Promise<void> {
    const { key, userId, items } = wish;
    const request = jsonRequest({ userId, items }, { headers: { 'idempotency-key': key } });
    const answer = await unlessAway(() => worker.during(fault, () => worker.createOrder(request)));
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

  async cancel(wish: Wish, fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    if (wish.orderId === undefined) return;
    if (wish.cancel === 'not asked for') wish.cancel = 'unanswered';
    const request = emptyRequest({ pathParameters: { orderId: String(wish.orderId) } });
    const answer = await unlessAway(() =>
      worker.during(fault, () => worker.cancelOrder(request).catch(refused)),
    );
    if (!answer) return;
    const cancel = answer.status === 202 ? 'accepted' : 'refused';
    if (wish.cancel !== 'unanswered' && wish.cancel !== cancel)
      throw new Error(`the cancel of order ${wish.orderId} was ${wish.cancel}, then ${cancel}`);
    wish.cancel = cancel;
  }

  /** One invocation by a trigger: the offset moves only when it succeeds. */
  async deliver(options: DeliveryOptions, worker = this.#workers[0]): Promise<void> {
    const { subscription, partition, limit, fault } = options;
    const { functionKey, topic } = subscription;
    const group = `${functionKey}-${topic}`;
    const records = this.log.next(group, topic, partition, limit);
    const last = records.at(-1);
    if (!last) return;
    const isDone = await unlessAway(async () => {
      await worker.during(fault, () => worker.consumers[functionKey](records));
      return true;
    });
    if (!isDone || fault === 'before the offset moves') return;
    const committed = this.log.committed(group, topic, partition);
    this.log.commit(group, topic, partition, Math.max(committed, last.offset + 1));
  }

  /** Two invocations at the same moment, perhaps with the very same records, as when a frozen container wakes up. */
  async deliverAtOnce(first: DeliveryOptions, second: DeliveryOptions): Promise<void> {
    const [one, other] = this.#workers;
    await allOf([this.deliver(first, one), this.deliver(second, other)]);
  }

  /** Has a group read records again, as after a crash before its offset moved. */
  rewind({ functionKey, topic }: Subscription, partition: number, by: number): void {
    const group = `${functionKey}-${topic}`;
    const committed = this.log.committed(group, topic, partition);
    this.log.commit(group, topic, partition, Math.max(0, committed - by));
  }

  /** A record that no function can read. */
  poison(key: string): void {
    this.log.append({ topic: orderCreated.topic, key, value: '{"orderId":', headers: [] });
  }

  async relay(fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    await unlessAway(() => worker.during(fault, () => worker.relayOutbox()));
  }

  /** Sends dead letters to their topic again; most come back. */
  async redrive(fault: Fault): Promise<void> {
    const [worker] = this.#workers;
    await unlessAway(() => worker.during(fault, () => worker.redriveDeadLetters()));
  }

  /** Lets every customer get an answer and every function its records, until nothing is left to do. */
  async drain(): Promise<void> {
    const isDrained = async () => {
      await this.#drainOnce();
      return this.lag === 0;
    };
    await waitFor(isDrained, { deadlineMs: 10_000, intervalMs: 20, what: 'every record to be taken' });
  }

  async #drainOnce(): Promise<void> {
    for (const wish of this.wishes) {
      if (wish.orderId === undefined) await this.ask(wish, 'none');
      if (wish.cancel === 'unanswered') await this.cancel(wish, 'none');
    }
    await this.relay('none');
    // Each topic before those that its reader writes to, so that one round takes everything.
    for (const subscription of subscriptions) {
      for (let partition = 0; partition < partitions; partition += 1) {
        await this.deliver({ subscription, partition, limit: Infinity, fault: 'none' });
      }
    }
  }

  /** Records that some group has not taken. */
  get lag(): number {
    const places = subscriptions.flatMap((subscription) =>
      Array.from({ length: partitions }, (_, partition) => ({ ...subscription, partition })),
    );
    return places.reduce(
      (sum, { functionKey, topic, partition }) =>
        sum + this.log.next(`${functionKey}-${topic}`, topic, partition).length,
      0,
    );
  }
}

/** Waits for all, also when one fails: nothing of a run may go on in the next. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** What the work gives; undefined when it failed for a reason that passes, so that whoever asked comes again. */
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

/** The 409 of an order that was rejected before is an answer, too. */
function refused(error: unknown): Pick<Answer, 'status'> {
  if (error instanceof HttpProblem && error.type === 'urn:openorder:problem:order-rejected') return error;
  throw error;
}
