import type { OpenDelivery, Conclusion } from './notification-store.ts';
import { NotificationRefusedError } from './errors.ts';
import { hostOf } from './host.ts';
import type { Notice } from './notice.ts';
import type { Attempted } from './send.ts';

/** A message to a customer's own address. */
export type AddressDelivery = OpenDelivery & { readonly notice: Notice };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * How long after the first, second … attempt the next one follows, in ms; after the last, a message is given
 * up.
 */
const delaysMs = [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs];

/**
 * What is recorded about a message to a customer's own address: one that was not accepted is sent again
 * later, a limited number of times.
 */
export function conclusionOf(attempted: Attempted<AddressDelivery>): Conclusion {
  if (attempted.status !== 'PENDING') return attempted;
  const { delivery, attempts, error } = attempted;
  const made = delivery.attempts + attempts;
  const afterMs = attempts === 0 ? 0 : delaysMs[made - 1];
  if (afterMs !== undefined) {
    return { ...attempted, retry: { host: hostOf(delivery), notice: delivery.notice, afterMs } };
  }
  const givenUp = new NotificationRefusedError(`Given up after ${made} attempts: ${error.message}`);
  return { delivery, status: 'FAILED', attempts, error: givenUp };
}
