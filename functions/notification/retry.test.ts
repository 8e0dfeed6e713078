import { outgoing } from '../../test/support/outgoing.ts';
import { NotificationDeferredError } from './errors.ts';
import { conclusionOf } from './retry.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What is recorded when the address did not accept a message after this many earlier attempts. */
function settlementAfter(attemptsBefore: number, attempts: 0 | 1 = 1) {
  const delivery = { ...outgoing('webhook', 'https://shop.example/hook'), attempts: attemptsBefore };
  const error = new NotificationDeferredError('The address answered 503.');
  return conclusionOf({ delivery, status: 'PENDING', attempts, error });
}

describe('when an address did not accept a message', () => {
  it.each([
    [1, minute],
    [2, 5 * minute],
    [3, 30 * minute],
    [4, 2 * hour],
    [5, 5 * hour],
    [6, 10 * hour],
  ])('when that was attempt %d, the next one follows after %d ms', (attempt, afterMs) => {
    expect(settlementAfter(attempt - 1)).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      retry: { host: 'shop.example', afterMs, notice: { orderId: 7 } },
    });
  });

  it('when that was the seventh, it is given up and says why', () => {
    const conclusion = settlementAfter(6);
    expect(conclusion).toMatchObject({ status: 'FAILED', attempts: 1 });
    expect(conclusion.error?.message).toBe('Given up after 7 attempts: The address answered 503.');
    expect(conclusion.retry).toBeUndefined();
  });

  it.each([0, 3, 6])(
    'when it was not even sent, %d attempts stay %d and it may be sent immediately',
    (attempts) => {
      expect(settlementAfter(attempts, 0)).toMatchObject({
        status: 'PENDING',
        attempts: 0,
        retry: { afterMs: 0 },
      });
    },
  );
});

it('when an address accepted or refused a message, that is what is recorded', () => {
  const delivery = { ...outgoing('webhook', 'https://shop.example/hook'), attempts: 0 };
  const sent = { delivery, status: 'SENT', attempts: 1, providerId: undefined } as const;
  const refused = { delivery, status: 'FAILED', attempts: 1, error: new Error('404') } as const;
  expect([sent, refused].map(conclusionOf)).toEqual([sent, refused]);
});
