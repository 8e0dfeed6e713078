import { InvocationTimeShortError, OpenOrderError } from '../../lib/errors.ts';
import {
  NotificationDeferredError,
  NotificationProviderUnavailableError,
  NotificationRefusedError,
  NotificationTimeoutError,
} from './errors.ts';
import type { Channel, ChannelName, Channels, Outgoing } from './channels/channel.ts';

/** How sends are bounded, so that a slow provider does not stall a batch. */
export interface SendLimits {
  readonly atOnce: number;
  /** How long one send may take, in ms. */
  readonly timeoutMs: number;
  /** When all sends must be over, in ms since 1970; none is begun that could take longer. */
  readonly deadline: number;
}

/** What became of a message; `attempts` is 0 where its send was not even begun. */
export type Attempted = Result & { readonly delivery: Outgoing };

type Result =
  | { readonly status: 'SENT'; readonly attempts: 1; readonly providerId: string | undefined }
  | { readonly status: 'FAILED'; readonly attempts: 1; readonly error: Error }
  | Unsent;

/** Still to be sent. */
interface Unsent {
  readonly status: 'PENDING';
  readonly attempts: 0 | 1;
  readonly error: Error;
}

/** Sends messages side by side and tells of each what became of it; never rejects. */
export async function sendAll(
  outgoing: readonly Outgoing[],
  channels: Channels,
  limits: SendLimits,
): Promise<Attempted[]> {
  const attempted: Attempted[] = [];
  const away = new Map<ChannelName, Error>();
  const queue = outgoing.values();
  const worker = async (): Promise<void> => {
    for (const delivery of queue) {
      const result = obstacle(away.get(delivery.channel), limits) ?? (await send(delivery, channels, limits));
      if ('error' in result && result.error instanceof NotificationProviderUnavailableError) {
        away.set(delivery.channel, result.error);
      }
      attempted.push({ delivery, ...result });
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, worker));
  return attempted;
}

/** After a provider turned out to be away nothing more is sent by its channel, nor when the time for it has passed. */
function obstacle(away: Error | undefined, { timeoutMs, deadline }: SendLimits): Unsent | undefined {
  if (away) return { status: 'PENDING', attempts: 0, error: away };
  if (Date.now() + timeoutMs <= deadline) return undefined;
  const error = new InvocationTimeShortError(
    'Too little time is left to send; the rest is sent when delivered again.',
  );
  return { status: 'PENDING', attempts: 0, error };
}

async function send(delivery: Outgoing, channels: Channels, { timeoutMs }: SendLimits): Promise<Result> {
  try {
    const channel = await loadChannel(delivery.channel, channels);
    const providerId = await sendInTime(channel, delivery, timeoutMs);
    return { status: 'SENT', attempts: 1, providerId };
  } catch (cause) {
    if (cause instanceof NotificationRefusedError) return { status: 'FAILED', attempts: 1, error: cause };
    if (cause instanceof OpenOrderError) return { status: 'PENDING', attempts: 1, error: cause };
    const error = new NotificationDeferredError(`Not sent by ${delivery.channel} for now.`, { cause });
    return { status: 'PENDING', attempts: 1, error };
  }
}

async function loadChannel(name: ChannelName, channels: Channels): Promise<Channel> {
  const load = channels[name];
  if (!load) throw new NotificationRefusedError(`The channel ${name} is not set up.`);
  return load();
}

/** The time-out holds also for a provider's client that does not heed the signal. */
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
