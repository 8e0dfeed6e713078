import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { NotificationClaimedError } from './errors.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { dispositionOf } from '../../lib/kafka/disposition.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { type Invocation, type RecordFailure, RecordsFailedError } from '../../lib/kafka/failures.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import type { ChannelName, Channels } from './channels/channel.ts';
import { connectChannels, sendsAtOnce } from './channels/connect.ts';
import type { Notice } from './notice.ts';
import {
  createNotificationStore,
  type DeliveryKey,
  type NotificationStore,
  type OpenDelivery,
} from './notification-store.ts';
import { sendAll } from './send-deliveries.ts';

type Outcome = ReceivedEvent<typeof inventoryReserved | typeof inventoryRejected | typeof inventoryReleased>;

interface Dependencies {
  readonly store: Pick<NotificationStore, 'claim' | 'settle'>;
  readonly channels: Channels;
  /** Sends made at once, at most. */
  readonly atOnce: number;
  /** How long one send may take, in ms. */
  readonly sendTimeoutMs: number;
}

/** What one batch may spend on sending, in ms; an invocation that dies keeps what it claimed from being sent for no longer. */
const claimMs = 30_000;

/** Kept of the invocation's time for writing down what was sent, in ms. */
const settleMs = 5_000;

/** Something to tell, and the records that said so: more than one where a record came twice. */
interface Owed {
  readonly notice: Notice;
  readonly records: KafkaRecord[];
}

/**
 * Tells customers how their orders fare: by each channel that they have an address for, once per order and kind. What was sent is
 * written down even when other sends of the batch fail; the records of those are named, so that they are tried again.
 */
export function notify({ store, channels, atOnce, sendTimeoutMs }: Dependencies) {
  return async (outcomes: readonly Outcome[], invocation: Invocation): Promise<void> => {
    const owed = owedBy(outcomes);
    if (owed.size === 0) return;
    const spendMs = Math.min(claimMs, invocation.remainingMs() - settleMs);
    const limits = { atOnce, timeoutMs: sendTimeoutMs, deadline: Date.now() + spendMs };
    const notices = [...owed.values()].map(({ notice }) => notice);
    const claim = await store.claim(notices, namesOf(channels), spendMs);
    const outgoing = claim.mine.flatMap((delivery) => withNotice(delivery, owed));
    const attempted = await sendAll(outgoing, channels, limits);
    if (attempted.length > 0) await store.settle(claim.id, attempted, new Date());
    const unsent = [
      ...attempted.filter((one) => one.status === 'PENDING'),
      ...claim.others.map((delivery) => ({ delivery, error: claimedBefore(delivery) })),
    ];
    if (unsent.length > 0) throw new RecordsFailedError(failuresOf(unsent, owed));
  };
}

/** What the records ask to be told, each order and kind once. */
function owedBy(outcomes: readonly Outcome[]): ReadonlyMap<string, Owed> {
  const owed = new Map<string, Owed>();
  for (const outcome of outcomes) {
    const notice = noticeOf(outcome);
    if (!notice) continue;
    const key = keyOf(notice);
    const before = owed.get(key);
    if (before) before.records.push(outcome.record);
    else owed.set(key, { notice, records: [outcome.record] });
  }
  return owed;
}

/** An order that was cancelled before it was reserved is told by nothing but the answer to the cancel. */
function noticeOf({ value }: Outcome): Notice | undefined {
  const { orderId, userId, items } = value;
  const order = { orderId, userId, items };
  if ('reservedAt' in value) return { kind: 'reserved', ...order, at: value.reservedAt };
  if ('releasedAt' in value) return { kind: 'released', ...order, at: value.releasedAt };
  const { reason, shortages = [], rejectedAt: at } = value;
  return reason === 'ORDER_CANCELLED' ? undefined : { kind: 'rejected', ...order, reason, shortages, at };
}

function keyOf({ orderId, kind }: Pick<DeliveryKey, 'orderId' | 'kind'>): string {
  return `${orderId} ${kind}`;
}

function namesOf(channels: Channels): ChannelName[] {
  return Object.keys(channels) as ChannelName[];
}

function withNotice(delivery: OpenDelivery, owed: ReadonlyMap<string, Owed>) {
  const { notice } = owed.get(keyOf(delivery)) ?? {};
  return notice ? [{ ...delivery, notice }] : [];
}

function claimedBefore({ orderId, kind, channel }: DeliveryKey): Error {
  return new NotificationClaimedError(
    `Another invocation is sending the ${channel} for order ${orderId} (${kind}); delivered again, it will be found sent, or be free.`,
  );
}

/** Each record once, whatever number of its messages were not sent; what fails the whole invocation is named before the rest. */
function failuresOf(
  unsent: readonly { readonly delivery: DeliveryKey; readonly error: Error }[],
  owed: ReadonlyMap<string, Owed>,
): RecordFailure[] {
  const errors = new Map<KafkaRecord, Error>();
  for (const { delivery, error } of unsent) {
    for (const record of owed.get(keyOf(delivery))?.records ?? []) {
      if (!errors.has(record) || dispositionOf(error) === 'infrastructure') errors.set(record, error);
    }
  }
  return [...errors].map(([record, error]) => ({ record, error }));
}

export const handler = kafkaFunction(
  withFailureDestination(
    consume(
      [inventoryReserved, inventoryRejected, inventoryReleased],
      notify({
        store: createNotificationStore(connectDatabase()),
        channels: connectChannels(),
        atOnce: sendsAtOnce,
        sendTimeoutMs: 5_000,
      }),
    ),
    { publisher: connectPublisher(), consumerGroupOf: consumerGroups() },
  ),
);
