import { BrokerUnavailableError } from '../errors.ts';
import { KafkaRefusedError } from './publish-error.ts';
import type { Publisher } from './publisher.ts';

/** All in ms. */
export interface CircuitBreakerTimes {
  /** Timeout of a send while the circuit is closed. */
  readonly sendTimeoutMs: number;
  /** How long the circuit stays open after a failure. */
  readonly openMs: number;
  /** Timeout of the single probe that follows. */
  readonly probeTimeoutMs: number;
}

const defaults: CircuitBreakerTimes = { sendTimeoutMs: 2_000, openMs: 3_000, probeTimeoutMs: 50 };

/**
 * A publisher for callers that would rather carry on without Kafka than wait for it. After a failure or
 * timeout the circuit opens and sends are refused immediately; after `openMs` one caller probes with a short
 * timeout, and its success, even a late one, closes the circuit. Records of a send that timed out may still
 * be written.
 * @throws BrokerUnavailableError while the circuit is open and when a send times out, and whatever
 *   `publisher` throws
 */
export function withCircuitBreaker(publisher: Publisher, times: CircuitBreakerTimes = defaults): Publisher {
  let openUntil: number | undefined;

  const close = (): void => {
    openUntil = undefined;
  };
  const open = (): void => {
    openUntil = performance.now() + times.openMs;
  };

  return {
    async publish(records) {
      const isProbe = openUntil !== undefined;
      if (openUntil !== undefined && performance.now() < openUntil) {
        throw new BrokerUnavailableError('Kafka failed a moment ago and has not been retried yet.');
      }
      // Until the probe has succeeded, other callers are refused.
      if (isProbe) open();
      const attempt = publisher.publish(records);
      attempt.then(close, (error: unknown) => {
        if (provesKafkaAvailable(error)) close();
        else open();
      });
      await withTimeout(attempt, isProbe ? times.probeTimeoutMs : times.sendTimeoutMs, open);
    },
  };
}

/** A broker that refuses one record accepts others. */
function provesKafkaAvailable(error: unknown): boolean {
  return error instanceof KafkaRefusedError && error.scope === 'record';
}

async function withTimeout(attempt: Promise<void>, timeoutMs: number, onTimeout: () => void): Promise<void> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onTimeout();
    timeout.reject(new BrokerUnavailableError(`Kafka did not acknowledge within ${timeoutMs} ms.`));
  }, timeoutMs);
  try {
    await Promise.race([attempt, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
