import type { DeadLetter, Delivery, Order, Reservation, TopicRecord, TriggerFlow } from './model.ts';

/** Whether the topics have been read. */
export type TopicsState = 'unread' | 'read' | 'unreachable';

/** Everything that is known about an order. */
export interface Travelled {
  readonly order: Order;
  /** The order's records on the topics of events, oldest first. */
  readonly records: readonly TopicRecord[];
  /** Whether an absent record is really missing. */
  readonly topics: TopicsState;
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
  /** What inventory decided, which it keeps longer than the topics do; undefined before that. */
  readonly reservation?: Reservation | undefined;
}

/** What is known about an order before the topics are read. */
export type KnownOffTopics = Omit<Travelled, 'records' | 'topics'>;

/** What a function did with the order, and what it published. */
export interface Step {
  readonly function: string;
  readonly outcome: 'done' | 'failed' | 'rejected';
  /** ISO 8601; null when it is no longer known. */
  readonly at: string | null;
  readonly records: readonly TopicRecord[];
  readonly deliveries: readonly Delivery[];
  readonly deadLetters: readonly DeadLetter[];
  /** Why nothing was reserved. */
  readonly rejection?: Order['rejection'] | undefined;
}

const nothing = { records: [], deliveries: [], deadLetters: [] } as const;

/** The steps that have happened, in the order in which one causes the next. */
export function stepsOf(travelled: Travelled): readonly Step[] {
  return [
    created(travelled),
    reserved(travelled),
    ...settled(travelled),
    ...cancelled(travelled),
    ...released(travelled),
    ...notified(travelled),
    ...failedLater(travelled),
  ].filter((step) => step !== undefined);
}

function created({ order, records }: Travelled): Step {
  const published = on(records, 'order.created');
  return { ...nothing, function: 'createOrder', outcome: 'done', at: order.createdAt, records: published };
}

/** Reserving ends in one of two events, or in a dead letter; a redrive may still produce the event. */
function reserved({ order, records, deadLetters, reservation }: Travelled): Step | undefined {
  const published = decisionsOf(records);
  const failures = ofTopic(deadLetters, 'order.created');
  const decidedAt = firstOf(reservation?.decidedAt, momentOf(published.at(-1)));
  const isDecided = isSettled(order) || decidedAt !== null;
  if (!isDecided && failures.length === 0) return undefined;
  const rejection = rejectionOf(order, reservation);
  const isRejected = rejection !== undefined || on(published, 'inventory.rejected').length > 0;
  return {
    ...nothing,
    function: 'reserveInventory',
    outcome: outcomeOf(isDecided, isRejected),
    at: firstOf(decidedAt, lastFailure(failures)),
    records: published,
    deadLetters: failures,
    rejection,
  };
}

/** A cancelled order does not say why inventory had rejected it; the reservation does. */
function rejectionOf({ rejection }: Order, reservation: Reservation | undefined): Order['rejection'] {
  if (rejection) return rejection;
  const { reason, shortages } = reservation ?? {};
  return reason === undefined ? undefined : { reason, ...(shortages && { shortages }) };
}

function isSettled({ status }: Order): boolean {
  return status === 'CONFIRMED' || status === 'REJECTED';
}

function outcomeOf(isDecided: boolean, isRejected: boolean): Step['outcome'] {
  if (!isDecided) return 'failed';
  return isRejected ? 'rejected' : 'done';
}

function decisionsOf(records: readonly TopicRecord[]): readonly TopicRecord[] {
  return [...on(records, 'inventory.reserved'), ...on(records, 'inventory.rejected')];
}

function settled({ order }: Travelled): Step[] {
  if (!isSettled(order)) return [];
  const outcome = order.status === 'REJECTED' ? 'rejected' : 'done';
  return [{ ...nothing, function: 'settleOrder', outcome, at: order.updatedAt }];
}

function cancelled({ order, records }: Travelled): Step[] {
  if (order.status !== 'CANCELLED') return [];
  const published = on(records, 'order.cancelled');
  return [{ ...nothing, function: 'cancelOrder', outcome: 'done', at: order.updatedAt, records: published }];
}

function released({ records, deadLetters, reservation }: Travelled): Step[] {
  const published = on(records, 'inventory.released');
  const failures = ofTopic(deadLetters, 'order.cancelled');
  const releasedAt = firstOf(reservation?.releasedAt, momentOf(published.at(-1)));
  if (releasedAt === null && failures.length === 0) return [];
  return [
    {
      ...nothing,
      function: 'releaseInventory',
      outcome: releasedAt === null ? 'failed' : 'done',
      at: firstOf(releasedAt, lastFailure(failures)),
      records: published,
      deadLetters: failures,
    },
  ];
}

function notified({ deliveries }: Travelled): Step[] {
  if (deliveries.length === 0) return [];
  const isFailed = deliveries.some(({ status }) => status === 'FAILED');
  const sent = deliveries.flatMap(({ sentAt }) => sentAt ?? []);
  return [
    {
      ...nothing,
      function: 'notify',
      outcome: isFailed ? 'failed' : 'done',
      at: sent.toSorted().at(-1) ?? null,
      deliveries,
    },
  ];
}

/** Failures of the functions that read what inventory has decided. */
function failedLater({ deadLetters }: Travelled): Step[] {
  const failures = deadLetters.filter(({ originalTopic }) => originalTopic.startsWith('inventory.'));
  return [...Map.groupBy(failures, functionOf)].map(([name, letters]) => ({
    ...nothing,
    function: name,
    outcome: 'failed',
    at: letters.at(-1)?.failedAt ?? null,
    deadLetters: letters,
  }));
}

/** A group is called `<service>-<stage>-<function>-<topic>`. */
function functionOf({ consumerGroup, originalTopic }: DeadLetter): string {
  return consumerGroup?.replace(`-${originalTopic}`, '').split('-').at(-1) ?? originalTopic;
}

/** What an order is waiting for. */
export type Waiting =
  | { readonly for: 'decision'; readonly deadLetter: DeadLetter }
  | { readonly for: 'outbox' }
  /** The topics cannot be read, so its progress is unknown. */
  | { readonly for: 'kafka' }
  | {
      readonly for: 'trigger';
      readonly function: string;
      readonly partition: number;
      /**
       * Records ahead of the order's own, negative once the trigger has taken it; null when Kafka does not
       * say.
       */
      readonly ahead: number | null;
    }
  | { readonly for: 'settling' };

/** Why an order is not progressing; undefined when it is finished, or before the first check. */
export function waitingOf(travelled: Travelled, triggers: readonly TriggerFlow[]): Waiting | undefined {
  const { order, records, topics } = travelled;
  if (order.status !== 'PENDING' || topics === 'unread') return undefined;
  if (decisionsOf(records).length > 0) return { for: 'settling' };
  const deadLetter = travelled.deadLetters.find(isUndecided);
  if (deadLetter) return { for: 'decision', deadLetter };
  const announced = on(records, 'order.created').at(-1);
  if (announced) return waitingForTrigger(announced, triggers);
  return { for: topics === 'unreachable' ? 'kafka' : 'outbox' };
}

function isUndecided({ status, originalTopic }: DeadLetter): boolean {
  return originalTopic === 'order.created' && (status === 'NEW' || status === 'PARKED');
}

function waitingForTrigger(announced: TopicRecord, triggers: readonly TriggerFlow[]): Waiting {
  const trigger = triggers.find(({ topic }) => topic === 'order.created');
  const { partition } = announced;
  return {
    for: 'trigger',
    function: trigger?.function ?? 'reserveInventory',
    partition,
    ahead: aheadOf(announced, trigger),
  };
}

function aheadOf({ partition, offset }: TopicRecord, trigger: TriggerFlow | undefined): number | null {
  const progress = trigger?.partitions?.find((one) => one.partition === partition);
  return progress ? offset - (progress.committed ?? 0) : null;
}

function on(records: readonly TopicRecord[], topic: string): readonly TopicRecord[] {
  return records.filter((record) => record.topic === topic);
}

/** Oldest first, like everything on the journey. */
function ofTopic(letters: readonly DeadLetter[], topic: string): readonly DeadLetter[] {
  return letters
    .filter(({ originalTopic }) => originalTopic === topic)
    .toSorted((a, b) => a.deadLetterId - b.deadLetterId);
}

/** The better known of two moments. */
function firstOf(first: string | null | undefined, second: string | null): string | null {
  return first ?? second;
}

function lastFailure(failures: readonly DeadLetter[]): string | null {
  return failures.at(-1)?.failedAt ?? null;
}

/** When the event happened, according to its producer; else when Kafka received it. */
function momentOf(record: TopicRecord | undefined): string | null {
  return record?.headers.find(({ name }) => name === 'ce_time')?.text ?? record?.timestamp ?? null;
}
