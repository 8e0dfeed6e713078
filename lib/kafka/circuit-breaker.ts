import { BrokerUnavailableError } from '../errors.ts';
import { KafkaRefusedError } from './publish-error.ts';
import type { Publisher } from './publisher.ts';

/** When a circuit breaker gives up on Kafka and how it finds out that Kafka is back. All in ms. */
export interface CircuitBreakerTimes {
  /** How long a caller waits for the broker's acknowledgement while all is well. */
  readonly patienceMs: number;
  /** How long after a failure callers are refused at once. */
  readonly openMs: number;
  /** How long the one caller waits that tries again after that. */
  readonly probePatienceMs: number;
}

const defaults: CircuitBreakerTimes = { patienceMs: 2_000, openMs: 3_000, probePatienceMs: 50 };

/**
 * A publisher for callers that would rather go on without Kafka than wait for it. After a failure or time-out it refuses at once;
 * after `openMs` one caller tries again with little patience, and its success, even a late one, closes the circuit.
 * Records of a caller that was told of a time-out may still be written.
 */
export function withCircuitBreaker(publisher: Publisher, times: CircuitBreakerTimes = defaults): Publisher {
  let openUntil: number | undefined;

  const settle = (succeeded: boolean): void => {
    openUntil = succeeded ? undefined : performance.now() + times.openMs;
  };

  return {
    async publish(records) {
      const patienceMs = openUntil === undefined ? times.patienceMs : times.probePatienceMs;
      if (openUntil !== undefined && performance.now() < openUntil) {
        throw new BrokerUnavailableError('Kafka failed a moment ago; not tried again yet.');
      }
      // Whoever comes meanwhile is refused, so one probe at a time.
      if (openUntil !== undefined) settle(false);
      const attempt = publisher.publish(records);
      attempt.then(
        () => {
          settle(true);
        },
        (error: unknown) => {
          // A broker that refuses one record takes others.
          settle(error instanceof KafkaRefusedError && error.scope === 'record');
        },
      );
      await withPatience(attempt, patienceMs, () => {
        settle(false);
      });
    },
  };
}

async function withPatience(
  attempt: Promise<void>,
  patienceMs: number,
  onTimeout: () => void,
): Promise<void> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onTimeout();
    timeout.reject(new BrokerUnavailableError(`Kafka did not acknowledge within ${patienceMs} ms.`));
  }, patienceMs);
  try {
    await Promise.race([attempt, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
