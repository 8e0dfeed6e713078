import type { ChannelName, Outgoing } from '../../functions/notification/channels/channel.ts';
import type { Notice } from '../../functions/notification/notice.ts';

/** The notice that order 7 is reserved. */
export const reservedNotice: Notice = {
  kind: 'reserved',
  orderId: 7,
  userId: 42,
  items: [{ sku: 'ABC-001', qty: 2 }],
  at: '2026-11-22T10:00:00.000Z',
};

/** That notice on its way through a channel, with any overrides. */
export function outgoing(channel: ChannelName, address: string, rest: Partial<Outgoing> = {}): Outgoing {
  const notice = rest.notice ?? reservedNotice;
  const { orderId, kind } = notice;
  return { orderId, kind, channel, address, secrets: [], language: 'en', ...rest, notice };
}

/** A signal that never aborts. */
export const noHurry = new AbortController().signal;
