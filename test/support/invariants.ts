import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import type { OrderRow, ReceivedMail, ReservationRow, Snapshot, StoredRecord } from './snapshot.ts';

/** What the API answered a customer: an order was accepted, and whether its cancel was. */
export interface Answered {
  readonly orderId: number;
  readonly userId: number;
  readonly items: readonly OrderItem[];
  readonly cancel: 'accepted' | 'refused' | 'not asked for';
  /** The order contains the SKU that injects a fault: it ends as a dead letter. */
  readonly isFaulty: boolean;
}

/**
 * A broken promise. `lost`: something is missing. `doubled`: something happened twice. `wrong`: it happened
 * differently.
 */
export interface Violation {
  readonly kind: 'lost' | 'doubled' | 'wrong';
  readonly what: string;
}

const outcomeTopics = [inventoryReserved.topic, inventoryRejected.topic];
const publishedTopics = [orderCreated.topic, orderCancelled.topic, ...outcomeTopics, inventoryReleased.topic];

/**
 * How many messages reached a customer more than once: one may, if the invocation ended before marking it.
 */
export function repeatedMails(mails: readonly ReceivedMail[]): number {
  return mails.length - new Set(mails.map(({ name }) => name)).size;
}

/**
 * All invariants of the design, checked against everything that was recorded. Empty when every promise was
 * kept.
 */
export function violations(answered: readonly Answered[], snapshot: Snapshot): Violation[] {
  const published = distinctCopies(snapshot.records);
  const rows = new Map(snapshot.orders.map((row) => [row.orderId, row]));
  const reservations = new Map(snapshot.reservations.map((row) => [row.orderId, row]));
  const traces = answered.map((order): Trace => {
    const { orderId } = order;
    const countOf = (topic: string) => published.get(`${topic} ${orderId}`)?.size ?? 0;
    return { order, row: rows.get(orderId), reservation: reservations.get(orderId), countOf };
  });
  return [
    ...unknownOrders(answered, snapshot.orders),
    ...traces.flatMap(orderViolations),
    ...traces.flatMap(eventViolations),
    ...traces.flatMap(reservationViolations),
    ...stockViolations(snapshot),
    ...deadLetterViolations(answered, snapshot),
    ...answered
      .flatMap((order) => owedMessages(order, reservations.get(order.orderId)))
      .flatMap(messageViolations(snapshot)),
    ...violationIf(snapshot.outboxRows > 0, 'lost', `${snapshot.outboxRows} events stay in the outbox`),
  ];
}

/** How many records repeat an earlier one: each is a redelivery or a repeated publish. */
export function repeatedRecords(records: readonly StoredRecord[]): number {
  const events = records.filter(({ topic }) => publishedTopics.includes(topic));
  return events.length - new Set(events.map(fingerprint)).size;
}

/**
 * Everything recorded about one order. `countOf` returns how many different records of it a topic holds.
 */
interface Trace {
  readonly order: Answered;
  readonly row: OrderRow | undefined;
  readonly reservation: ReservationRow | undefined;
  readonly countOf: (topic: string) => number;
}

/** The different records of each topic and order: copies that are equal byte for byte count once. */
function distinctCopies(records: readonly StoredRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const distinct = new Map<string, Set<string>>();
  for (const record of records) {
    const place = `${record.topic} ${record.key}`;
    distinct.set(place, (distinct.get(place) ?? new Set()).add(fingerprint(record)));
  }
  return distinct;
}

/** Added to a record that is resent from a dead-letter topic; the rest is unchanged. */
const redriveHeader = /^(kafka_dlt-|openorder-redrive-count$)/;

function fingerprint({ topic, key, value, headers }: StoredRecord): string {
  return JSON.stringify([topic, key, value, headers.filter(([name]) => !redriveHeader.test(name))]);
}

function unknownOrders(answered: readonly Answered[], rows: readonly OrderRow[]): Violation[] {
  const known = new Set(answered.map(({ orderId }) => orderId));
  return [
    ...violationIf(known.size < answered.length, 'doubled', 'two orders of customers got the same id'),
    ...rows.flatMap(({ orderId }) =>
      violationIf(!known.has(orderId), 'doubled', `order ${orderId} was placed, but no customer has it`),
    ),
  ];
}

function orderViolations({ order, row, countOf }: Trace): Violation[] {
  const { orderId, userId, items, cancel, isFaulty } = order;
  if (!row) return [{ kind: 'lost', what: `order ${orderId} was accepted and is missing` }];
  const asSent = row.userId === userId && JSON.stringify(row.items) === JSON.stringify(items);
  const due = dueStatus(cancel, isFaulty, countOf);
  const isWaiting = row.status === 'PENDING' && !isFaulty;
  return [
    ...violationIf(!asSent, 'wrong', `order ${orderId} is not what its customer sent`),
    ...violationIf(isWaiting, 'lost', `order ${orderId} is PENDING forever`),
    ...violationIf(
      row.status !== due,
      'wrong',
      `order ${orderId} is ${row.status}, not ${due}; cancel ${cancel}`,
    ),
  ];
}

/** An accepted cancel wins over everything; without one the outcome decides. */
function dueStatus(
  cancel: Answered['cancel'],
  isFaulty: boolean,
  countOf: Trace['countOf'],
): OrderRow['status'] {
  if (cancel === 'accepted') return 'CANCELLED';
  if (cancel === 'refused') return 'REJECTED';
  if (isFaulty) return 'PENDING';
  return countOf(inventoryReserved.topic) > 0 ? 'CONFIRMED' : 'REJECTED';
}

/** Exactly one event of each kind that is due, however many copies. */
function eventViolations({ order, reservation, countOf }: Trace): Violation[] {
  const { orderId, cancel, isFaulty } = order;
  const cancels = cancel === 'accepted' ? 1 : 0;
  const releases = reservation?.status === 'RELEASED' ? 1 : 0;
  const outcomes = outcomeTopics.reduce((sum, topic) => sum + countOf(topic), 0);
  return [
    ...exactly(1, countOf(orderCreated.topic), `order.created of order ${orderId}`),
    ...exactly(cancels, countOf(orderCancelled.topic), `order.cancelled of order ${orderId}`),
    ...exactly(isFaulty ? 0 : 1, outcomes, `outcome of order ${orderId}`),
    ...exactly(releases, countOf(inventoryReleased.topic), `inventory.released of order ${orderId}`),
  ];
}

function exactly(due: number, found: number, what: string): Violation[] {
  if (found === due) return [];
  return [
    { kind: found < due ? 'lost' : 'doubled', what: `${found} different records, not ${due}: ${what}` },
  ];
}

function reservationViolations({ order, reservation, countOf }: Trace): Violation[] {
  const { orderId, cancel, isFaulty } = order;
  const isCancelled = cancel === 'accepted';
  if (!reservation)
    return violationIf(!isFaulty || isCancelled, 'lost', `inventory does not know order ${orderId}`);
  const { status, outcomeTopic } = reservation;
  const isAnnounced = outcomeTopic === null ? isFaulty : countOf(outcomeTopic) === 1;
  const allowed = isCancelled ? ['RELEASED', 'REJECTED', 'CANCELLED'] : ['RESERVED', 'REJECTED'];
  return [
    ...violationIf(!isAnnounced, 'wrong', `the stored outcome of order ${orderId} is not the published one`),
    ...violationIf(
      !allowed.includes(status),
      'wrong',
      `inventory holds order ${orderId} as ${status}, its cancel was ${cancel}`,
    ),
  ];
}

function stockViolations({ stock, reservations }: Snapshot): Violation[] {
  const live = new Map<string, number>();
  for (const { sku, qty } of reservations.flatMap((row) =>
    row.status === 'RESERVED' ? (row.items ?? []) : [],
  )) {
    live.set(sku, (live.get(sku) ?? 0) + qty);
  }
  return stock.flatMap(({ sku, onHand, reserved }) => {
    const held = live.get(sku) ?? 0;
    return [
      ...violationIf(reserved > held, 'doubled', `${reserved} ${sku} are set aside, orders hold ${held}`),
      ...violationIf(reserved < held, 'lost', `${reserved} ${sku} are set aside, orders hold ${held}`),
      ...violationIf(reserved > onHand, 'wrong', `${reserved} ${sku} are promised, ${onHand} are on hand`),
    ];
  });
}

/** What cannot be handled is dead-lettered, and nothing else: an outage is no reason. */
function deadLetterViolations(answered: readonly Answered[], { records, filed }: Snapshot): Violation[] {
  const faulty = new Set(answered.filter(({ isFaulty }) => isFaulty).map(({ orderId }) => String(orderId)));
  const deadLetters = records.filter(({ topic }) => topic.endsWith('.DLT'));
  const arrived = new Set(deadLetters.map(({ key }) => key));
  return [
    ...exactly(deadLetters.length, filed.length, 'filed dead letters'),
    ...deadLetters
      .filter(({ key }) => !faulty.has(key))
      .map(({ topic, key }): Violation => ({
        kind: 'wrong',
        what: `valid order ${key} was dead-lettered to ${topic}`,
      })),
    ...[...faulty]
      .filter((key) => !arrived.has(key))
      .map((key): Violation => ({ kind: 'lost', what: `faulty order ${key} is in no dead-letter topic` })),
  ];
}

/** What a customer is owed: a message about the outcome, unless the cancel came first, and the release. */
function owedMessages({ orderId }: Answered, reservation: ReservationRow | undefined): string[] {
  const status = reservation?.status;
  const kinds = {
    RESERVED: ['reserved'],
    RELEASED: ['reserved', 'released'],
    REJECTED: ['rejected'],
    CANCELLED: [],
  };
  return status ? kinds[status].map((kind) => `order-${orderId}-${kind}-email`) : [];
}

/** Each message arrives; twice only if the first was not yet marked as sent. */
function messageViolations({ deliveries, mails }: Snapshot): (message: string) => Violation[] {
  const rows = new Map(deliveries.map((row) => [`order-${row.orderId}-${row.kind}-${row.channel}`, row]));
  const arrivals = Map.groupBy(mails, ({ name }) => name);
  return (message) => {
    const row = rows.get(message);
    const arrived = arrivals.get(message) ?? [];
    const late = arrived.filter(({ receivedAt }) => row?.sentAt && receivedAt > row.sentAt);
    return [
      ...violationIf(row?.status !== 'SENT', 'lost', `message ${message} is ${row?.status ?? 'not owed'}`),
      ...violationIf(arrived.length === 0, 'lost', `message ${message} has not arrived`),
      ...violationIf(late.length > 0, 'doubled', `message ${message} was sent after it was marked as sent`),
    ];
  };
}

function violationIf(condition: boolean, kind: Violation['kind'], what: string): Violation[] {
  return condition ? [{ kind, what }] : [];
}
