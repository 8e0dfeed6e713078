import { InvocationTimeShortError } from '../../lib/errors.ts';
import { NotificationProviderUnavailableError } from './errors.ts';
import type { ChannelName, Channels, Outgoing } from './channels/channel.ts';
import { type Attempted, type Result, send } from './send.ts';

/** Bounds that keep a slow provider from stalling a batch. */
export interface ProviderLimits {
  /** Maximum concurrent sends. */
  readonly atOnce: number;
  /** How long one send may take, in ms. */
  readonly timeoutMs: number;
  /** When all sends must be finished, in ms since 1970; none is started that could take longer. */
  readonly deadline: number;
}

/**
 * Sends messages through our own providers, concurrently. A provider that turns out to be down is not tried
 * again. Never rejects.
 */
export async function sendByProviders<Delivery extends Outgoing>(
  deliveries: readonly Delivery[],
  channels: Channels,
  limits: ProviderLimits,
): Promise<Attempted<Delivery>[]> {
  const attempted: Attempted<Delivery>[] = [];
  const outages = new Map<ChannelName, Error>();
  const queue = deliveries.values();
  const worker = async (): Promise<void> => {
    for (const delivery of queue) {
      const skipped = skip(outages.get(delivery.channel), limits);
      const result = skipped ?? (await send(delivery, channels, limits.timeoutMs));
      if ('error' in result && result.error instanceof NotificationProviderUnavailableError) {
        outages.set(delivery.channel, result.error);
      }
      attempted.push({ delivery, ...result });
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, worker));
  return attempted;
}

/** Why a send is skipped, if it is: its provider is down, or the deadline is too near. */
function skip(outage: Error | undefined, { timeoutMs, deadline }: ProviderLimits): Result | undefined {
  if (outage) return { status: 'PENDING', attempts: 0, error: outage };
  if (Date.now() + timeoutMs <= deadline) return undefined;
  const error = new InvocationTimeShortError(
    'Too little time is left to send; the rest is sent when the batch is redelivered.',
  );
  return { status: 'PENDING', attempts: 0, error };
}
