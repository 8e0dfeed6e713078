import { jest } from '@jest/globals';
import { fakePublisher, refusal } from '../../test/support/fake-publisher.ts';
import { BrokerUnavailableError } from '../errors.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import type { Publisher } from './publisher.ts';

const times = { sendTimeoutMs: 20, openMs: 250, probeTimeoutMs: 5 };

/** A publisher whose next results are decided by the test; once the list is used up it succeeds. */
function scripted(...answers: (() => Promise<void>)[]): Publisher & { calls: number } {
  const publisher = {
    calls: 0,
    publish: () => {
      publisher.calls += 1;
      return answers.shift()?.() ?? Promise.resolve();
    },
  };
  return publisher;
}

const refuse = () => Promise.reject(new BrokerUnavailableError('unreachable'));
const hang = () => new Promise<void>(() => undefined);

/** Resolves once this many milliseconds have passed. */
async function clockMovesOn(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await new Promise(setImmediate);
}

describe('a circuit breaker', () => {
  it('when Kafka accepts the records, passes them on', async () => {
    const inner = fakePublisher();
    await withCircuitBreaker(inner, times).publish([{ topic: 't', key: null, value: 'v', headers: [] }]);
    expect(inner.published).toHaveLength(1);
  });

  it('when a publish failed, refuses the next immediately', async () => {
    const inner = scripted(refuse);
    const breaker = withCircuitBreaker(inner, times);
    await expect(breaker.publish([])).rejects.toThrow(BrokerUnavailableError);
    await expect(breaker.publish([])).rejects.toThrow('not been retried yet');
    expect(inner.calls).toBe(1);
  });

  it('when Kafka refused one record itself, accepts the next', async () => {
    const inner = scripted(() => Promise.reject(refusal('MESSAGE_TOO_LARGE')));
    const breaker = withCircuitBreaker(inner, times);
    await expect(breaker.publish([])).rejects.toThrow('MESSAGE_TOO_LARGE');
    await expect(breaker.publish([])).resolves.toBeUndefined();
  });

  it("when the machine's clock jumps back, probes as early as without the jump", async () => {
    const breaker = withCircuitBreaker(scripted(refuse), times);
    await expect(breaker.publish([])).rejects.toThrow();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    await clockMovesOn(times.openMs);
    await expect(breaker.publish([])).resolves.toBeUndefined();
    clock.mockRestore();
  });

  it('when Kafka does not answer, gives up after the timeout', async () => {
    const breaker = withCircuitBreaker(scripted(hang), times);
    await expect(breaker.publish([])).rejects.toThrow('within 20 ms');
    await expect(breaker.publish([])).rejects.toThrow('not been retried yet');
  });

  it('when the time has passed, lets one caller probe with a short timeout and refuses the others', async () => {
    const inner = scripted(refuse, hang);
    const breaker = withCircuitBreaker(inner, times);
    await expect(breaker.publish([])).rejects.toThrow();
    await clockMovesOn(times.openMs);
    const probe = breaker.publish([]);
    await expect(breaker.publish([])).rejects.toThrow('not been retried yet');
    await expect(probe).rejects.toThrow('within 5 ms');
    expect(inner.calls).toBe(2);
  });

  it('when the probe succeeds, works as before', async () => {
    const inner = scripted(refuse);
    const breaker = withCircuitBreaker(inner, times);
    await expect(breaker.publish([])).rejects.toThrow();
    await clockMovesOn(times.openMs);
    await breaker.publish([]);
    await breaker.publish([]);
    expect(inner.calls).toBe(3);
  });

  it('when the probe succeeds after its caller gave up, the circuit still closes', async () => {
    const late = Promise.withResolvers<undefined>();
    const breaker = withCircuitBreaker(
      scripted(refuse, async () => {
        await late.promise;
      }),
      times,
    );
    await expect(breaker.publish([])).rejects.toThrow();
    await clockMovesOn(times.openMs);
    await expect(breaker.publish([])).rejects.toThrow('within 5 ms');
    late.resolve(undefined);
    await clockMovesOn(1);
    await expect(breaker.publish([])).resolves.toBeUndefined();
  });
});
