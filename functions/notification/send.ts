import { OpenOrderError } from '../../lib/errors.ts';
import { NotificationDeferredError, NotificationRefusedError, NotificationTimeoutError } from './errors.ts';
import type { Channel, ChannelName, Channels, Outgoing } from './channels/channel.ts';

/** The result of a message. `attempts` is 0 when it was not sent. */
export type Result =
  | { readonly status: 'SENT'; readonly attempts: 1; readonly providerId: string | undefined }
  | { readonly status: 'FAILED'; readonly attempts: 0 | 1; readonly error: Error }
  | { readonly status: 'PENDING'; readonly attempts: 0 | 1; readonly error: Error };

/** A message and its result. */
export type Attempted<Delivery extends Outgoing = Outgoing> = Result & { readonly delivery: Delivery };

/** Sends one message; never rejects. @param timeoutMs how long it may take */
export async function send(delivery: Outgoing, channels: Channels, timeoutMs: number): Promise<Result> {
  try {
    const channel = await loadChannel(delivery.channel, channels);
    const providerId = await sendInTime(channel, delivery, timeoutMs);
    return { status: 'SENT', attempts: 1, providerId };
  } catch (cause) {
    const error =
      cause instanceof OpenOrderError
        ? cause
        : new NotificationDeferredError(`Not sent by ${delivery.channel} for now.`, { cause });
    return { status: error.disposition === 'permanent' ? 'FAILED' : 'PENDING', attempts: 1, error };
  }
}

async function loadChannel(name: ChannelName, channels: Channels): Promise<Channel> {
  const load = channels[name];
  if (!load) throw new NotificationRefusedError(`The channel ${name} is not set up.`);
  return load();
}

/** Aborts the send when its time is up, and does not wait for a client that ignores the signal. */
async function sendInTime(
  channel: Channel,
  delivery: Outgoing,
  timeoutMs: number,
): Promise<string | undefined> {
  const timeout = Promise.withResolvers<never>();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    timeout.reject(
      new NotificationTimeoutError(`${delivery.channel} did not answer within ${timeoutMs} ms.`),
    );
    controller.abort();
  }, timeoutMs);
  try {
    return await Promise.race([channel.send(delivery, controller.signal), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
