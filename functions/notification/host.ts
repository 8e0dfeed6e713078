import type { Outgoing } from './channels/channel.ts';

/** The host that a message goes to, with its port if that is not 443. */
export function hostOf({ channel, address }: Pick<Outgoing, 'channel' | 'address'>): string {
  const url = new URL(channel === 'push' ? (JSON.parse(address) as { endpoint: string }).endpoint : address);
  return url.port === '' ? hostNameOf(url) : `${hostNameOf(url)}:${url.port}`;
}

/**
 * The host as DNS and TLS know it: without the brackets of an IPv6 address, and without the trailing dot that
 * a full name may have.
 */
export function hostNameOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
