import { functionEntry } from '../../lib/function-entry.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { type AddressStore, createAddressStore } from './address-store.ts';
import type { Channels } from './channels/channel.ts';
import { connectAddressChannels } from './channels/connect-addresses.ts';
import { sendsAtOnce, sendsAtOncePerHost } from './channels/limits.ts';
import { createNotificationStore, type NotificationStore } from './notification-store.ts';
import { sendAndConclude } from './conclude-addresses.ts';

interface Dependencies {
  readonly store: Pick<NotificationStore, 'conclude'>;
  readonly addressStore: Pick<AddressStore, 'claimDue' | 'giveUp' | 'noteConduct' | 'removeGone'>;
  readonly channels: Channels;
  /** How long one send may take, in ms. */
  readonly sendTimeoutMs: number;
}

/** How many messages are claimed at a time. */
const limit = 1_000;

/** How long a run sends what it has claimed, in ms, and how long its claim keeps others from it. */
const roundMs = 20_000;
const claimMs = 30_000;

/** With less than this left of the invocation, in ms, no further messages are claimed. */
const reserveMs = roundMs + 5_000;

/**
 * Resends what customers' own addresses did not accept, until nothing is due. A silent host gets a single
 * message.
 */
export function retryDeliveries({ store, addressStore, channels, sendTimeoutMs }: Dependencies) {
  return async (remainingMs: () => number): Promise<{ sent: number; failed: number; pending: number }> => {
    const summary = { sent: 0, failed: await addressStore.giveUp(), pending: 0 };
    while (remainingMs() > reserveMs) {
      const { id: claimId, mine: deliveries } = await addressStore.claimDue(limit, claimMs);
      if (deliveries.length === 0) break;
      const limits = {
        atOnce: sendsAtOnce,
        atOncePerHost: sendsAtOncePerHost,
        timeoutMs: sendTimeoutMs,
        deadline: Date.now() + roundMs,
        silentHosts: new Set<string>(),
      };
      const stores = { store, addressStore };
      for (const { status } of await sendAndConclude({ claimId, deliveries, channels }, limits, stores)) {
        summary[counters[status]] += 1;
      }
    }
    return summary;
  };
}

const counters = { SENT: 'sent', FAILED: 'failed', PENDING: 'pending' } as const;

const database = connectDatabase();
const run = retryDeliveries({
  store: createNotificationStore(database),
  addressStore: createAddressStore(database),
  channels: connectAddressChannels(),
  sendTimeoutMs: 5_000,
});

export const handler = functionEntry((_event, context) => run(() => context.getRemainingTimeInMillis()));
