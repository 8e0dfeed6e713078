import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { dispositionOf } from '../../lib/kafka/disposition.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { type Invocation, type RecordFailure, RecordsFailedError } from '../../lib/kafka/failures.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { NotificationClaimedError } from './errors.ts';
import { hostOf } from './host.ts';
import { type AddressStore, createAddressStore } from './address-store.ts';
import type { ChannelName, Channels } from './channels/channel.ts';
import { connectChannels } from './channels/connect.ts';
import { sendsAtOnce, sendsAtOncePerHost } from './channels/limits.ts';
import type { Notice } from './notice.ts';
import {
  createNotificationStore,
  type DeliveryKey,
  type NotificationStore,
  type OpenDelivery,
} from './notification-store.ts';
import { sendByProviders } from './send-by-providers.ts';
import { sendAndConclude } from './conclude-addresses.ts';

type Outcome = ReceivedEvent<typeof inventoryReserved | typeof inventoryRejected | typeof inventoryReleased>;

interface Dependencies {
  readonly store: Pick<NotificationStore, 'claim' | 'conclude'>;
  readonly addressStore: Pick<AddressStore, 'silentHosts' | 'noteConduct' | 'removeGone'>;
  readonly channels: Channels;
  /** Maximum concurrent sends. */
  readonly atOnce: number;
  /** How long one send by a provider may take, in ms. */
  readonly sendTimeoutMs: number;
}

/**
 * What one batch may spend on sending, in ms; what an invocation had claimed when it died is blocked for no
 * longer than this.
 */
const claimMs = 30_000;

/** The part of the invocation's time reserved for recording what was sent, in ms. */
const settleMs = 5_000;

/**
 * What a batch may spend on customers' own addresses once everything else is sent, in ms. The partition's
 * next batch waits at most this long for an address that does not answer.
 */
const addressesMs = 1_500;

/**
 * How long one of them may take, in ms. What it did not accept is sent again by `retryDeliveries`, which has
 * more patience.
 */
const addressTimeoutMs = 1_000;

/**
 * A notice that is owed to a customer, and the records that call for it: several if a record arrived twice.
 */
interface OwedNotice {
  readonly notice: Notice;
  readonly records: KafkaRecord[];
}

/** A claimed message with its notice. */
type Delivery = OpenDelivery & { readonly notice: Notice };

/** A message that was not sent, for which its records are to blame. */
interface Unsent {
  readonly delivery: DeliveryKey;
  readonly error: Error;
}

/**
 * Notifies customers of the progress of their orders: through each channel that they have an address for,
 * once per order and kind. What was sent is recorded even when other sends of the batch fail; the records of
 * those are named, so that they are retried. Customers' own addresses come last and fail no record, so that
 * none of them can delay a notice to anyone else.
 */
export function notify(dependencies: Dependencies) {
  const { store, channels } = dependencies;
  return async (outcomes: readonly Outcome[], invocation: Invocation): Promise<void> => {
    const owed = owedBy(outcomes);
    if (owed.size === 0) return;
    const spendMs = Math.min(claimMs, invocation.remainingMs() - settleMs);
    const deadline = Date.now() + spendMs;
    const notices = [...owed.values()].map(({ notice }) => notice);
    const claim = await store.claim(notices, namesOf(channels), spendMs);
    const deliveries = claim.mine.flatMap((delivery) => withNotice(delivery, owed));
    const refused = await notifyByProviders(
      deliveries.filter(isByProvider),
      claim.id,
      deadline,
      dependencies,
    );
    await notifyAddresses(
      deliveries.filter((one) => !isByProvider(one)),
      claim.id,
      deadline,
      dependencies,
    );
    const claimed = claim.others.map((delivery) => ({ delivery, error: claimedBefore(delivery) }));
    const unsent = [...refused, ...claimed];
    if (unsent.length > 0) throw new RecordsFailedError(failuresOf(unsent, owed));
  };
}

/** @returns what has not been sent yet */
async function notifyByProviders(
  deliveries: readonly Delivery[],
  claimId: string,
  deadline: number,
  { store, channels, atOnce, sendTimeoutMs }: Dependencies,
): Promise<readonly Unsent[]> {
  if (deliveries.length === 0) return [];
  const limits = { atOnce, timeoutMs: sendTimeoutMs, deadline };
  const attempted = await sendByProviders(deliveries, channels, limits);
  await store.conclude(claimId, attempted, new Date());
  return attempted.filter((one) => one.status === 'PENDING');
}

async function notifyAddresses(
  deliveries: readonly Delivery[],
  claimId: string,
  deadline: number,
  { store, addressStore, channels, atOnce }: Dependencies,
): Promise<void> {
  if (deliveries.length === 0) return;
  const silentHosts = await addressStore.silentHosts([...new Set(deliveries.map(hostOf))]);
  const limits = {
    atOnce,
    atOncePerHost: sendsAtOncePerHost,
    timeoutMs: addressTimeoutMs,
    deadline: Math.min(deadline, Date.now() + addressesMs),
    silentHosts,
  };
  await sendAndConclude({ claimId, deliveries, channels }, limits, { store, addressStore });
}

function isByProvider({ channel }: DeliveryKey): boolean {
  return channel === 'email' || channel === 'sms';
}

/** The notices that the records call for, each order and kind once. */
function owedBy(outcomes: readonly Outcome[]): ReadonlyMap<string, OwedNotice> {
  const owed = new Map<string, OwedNotice>();
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

/** An order that was cancelled before it was reserved gets no notice; the cancel response already said so. */
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

function withNotice(delivery: OpenDelivery, owed: ReadonlyMap<string, OwedNotice>): Delivery[] {
  const { notice } = owed.get(keyOf(delivery)) ?? {};
  return notice ? [{ ...delivery, notice }] : [];
}

function claimedBefore({ orderId, kind, channel }: DeliveryKey): Error {
  return new NotificationClaimedError(
    `Another invocation is sending the ${channel} for order ${orderId} (${kind}); the next delivery finds it sent or free.`,
  );
}

/**
 * Each record once, however many of its messages were not sent; what fails the whole invocation is named
 * first.
 */
function failuresOf(unsent: readonly Unsent[], owed: ReadonlyMap<string, OwedNotice>): RecordFailure[] {
  const errors = new Map<KafkaRecord, Error>();
  for (const { delivery, error } of unsent) {
    for (const record of owed.get(keyOf(delivery))?.records ?? []) {
      if (!errors.has(record) || dispositionOf(error) === 'infrastructure') errors.set(record, error);
    }
  }
  return [...errors].map(([record, error]) => ({ record, error }));
}

const database = connectDatabase();

export const handler = kafkaFunction(
  withFailureDestination(
    consume(
      [inventoryReserved, inventoryRejected, inventoryReleased],
      notify({
        store: createNotificationStore(database),
        addressStore: createAddressStore(database),
        channels: connectChannels(),
        atOnce: sendsAtOnce,
        sendTimeoutMs: 5_000,
      }),
    ),
    { publisher: connectPublisher(), consumerGroupOf: consumerGroups() },
  ),
);
