import type { Kind, Language, Notice } from '../notice.ts';

/** The channels that a customer can have an address for. */
export type ChannelName = 'email' | 'sms' | 'push' | 'webhook';

/** A notice on its way to one address. */
export interface Outgoing {
  readonly orderId: number;
  readonly kind: Kind;
  readonly channel: ChannelName;
  readonly address: string;
  /** What a webhook is signed with, newest first; empty for the other channels. */
  readonly secrets: readonly string[];
  readonly language: Language;
  readonly notice: Notice;
}

/** A way to reach a customer. */
export interface Channel {
  /**
   * Sends once, and resolves when the provider has accepted the message, with the provider's id for it, if it
   * gave one.
   * @throws NotificationRefusedError when it will never be accepted, NotificationProviderUnavailableError
   * when the provider is down for everyone; anything else may be temporary
   */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<string | undefined>;
}

/** The channels that this stage has, each loaded when first called; those that are missing are not set up. */
export type Channels = Partial<Readonly<Record<ChannelName, () => Promise<Channel>>>>;

/**
 * The same for every attempt at a message, so that a receiver recognises a duplicate. Safe in a header, a URL
 * and a file name.
 */
export function messageIdOf({ orderId, kind, channel }: Outgoing): string {
  return `order-${orderId}-${kind}-${channel}`;
}
