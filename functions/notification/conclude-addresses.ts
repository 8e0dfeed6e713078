import { logger } from '../../lib/logger.ts';
import { NotificationAddressGoneError } from './errors.ts';
import type { AddressStore, GoneAddress } from './address-store.ts';
import type { Channels } from './channels/channel.ts';
import type { NotificationStore, Conclusion } from './notification-store.ts';
import { type AddressDelivery, conclusionOf } from './retry.ts';
import type { Attempted } from './send.ts';
import { type AddressLimits, sendToAddresses } from './send-to-addresses.ts';

/** Where the outcome is recorded. */
export interface AddressStores {
  readonly store: Pick<NotificationStore, 'conclude'>;
  readonly addressStore: Pick<AddressStore, 'noteConduct' | 'removeGone'>;
}

/**
 * Claimed messages to customers' own addresses, their claim, and the channels that send them.
 */
export interface AddressWork {
  readonly claimId: string;
  readonly deliveries: readonly AddressDelivery[];
  readonly channels: Channels;
}

/**
 * Sends claimed messages to customers' own addresses, and records their results and how the hosts behaved.
 */
export async function sendAndConclude(
  { claimId, deliveries, channels }: AddressWork,
  limits: AddressLimits,
  { store, addressStore }: AddressStores,
): Promise<readonly Conclusion[]> {
  const { attempted, hosts } = await sendToAddresses(deliveries, channels, limits);
  const conclusions = attempted.map(conclusionOf);
  await store.conclude(claimId, conclusions, new Date());
  await addressStore.noteConduct(hosts);
  await removeGone(attempted, addressStore);
  return conclusions;
}

/** An address that reports itself gone is not tried again, and is removed from its owner's contacts. */
async function removeGone(
  attempted: readonly Attempted<AddressDelivery>[],
  store: Pick<AddressStore, 'removeGone'>,
): Promise<void> {
  const gone = attempted.filter(
    (one) => one.status === 'FAILED' && one.attempts > 0 && one.error instanceof NotificationAddressGoneError,
  );
  if (gone.length === 0) return;
  for (const { userId, channel } of await store.removeGone(gone.map(goneAddress))) {
    logger.warn('address is gone and was removed from the contacts', { userId, channel });
  }
}

function goneAddress({ delivery: { channel, address, notice } }: Attempted<AddressDelivery>): GoneAddress {
  return { userId: notice.userId, channel: channel === 'push' ? 'push' : 'webhook', address };
}
