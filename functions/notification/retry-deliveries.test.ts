import { environment } from '../../test/support/environment.ts';
import { outgoing, reservedNotice } from '../../test/support/outgoing.ts';
import { NotificationRefusedError, NotificationUnreachableError } from './errors.ts';
import type { Conclusion } from './notification-store.ts';
import type { AddressDelivery } from './retry.ts';
import type { HostConduct } from './send-to-addresses.ts';

environment();
const { retryDeliveries } = await import('./retry-deliveries.ts');

const delivery = (orderId: number, path = ''): AddressDelivery => ({
  ...outgoing('webhook', `https://shop.example/${path}`, { notice: { ...reservedNotice, orderId } }),
  attempts: 1,
});

/**
 * Runs it with claims that hold the given deliveries, one claim after the other, and a webhook that answers
 * by path.
 */
function setUp(claims: AddressDelivery[][], givenUp = 0) {
  const concluded: Conclusion[] = [];
  const conduct: HostConduct[] = [];
  const asked: number[] = [];
  const run = retryDeliveries({
    store: {
      conclude: (_claim, conclusions) => {
        concluded.push(...conclusions);
        return Promise.resolve();
      },
    },
    addressStore: {
      giveUp: () => Promise.resolve(givenUp),
      claimDue: () => Promise.resolve({ id: 'claim', mine: claims.shift() ?? [] }),
      noteConduct: (hosts) => {
        conduct.push(...hosts);
        return Promise.resolve();
      },
      removeGone: () => Promise.resolve([]),
    },
    channels: {
      webhook: () =>
        Promise.resolve({
          send: ({ orderId, address }) => {
            asked.push(orderId);
            if (address.endsWith('404')) return Promise.reject(new NotificationRefusedError('404'));
            if (address.endsWith('silent')) return Promise.reject(new NotificationUnreachableError('silent'));
            return Promise.resolve(undefined);
          },
        }),
    },
    sendTimeoutMs: 1_000,
  });
  return { run, concluded, conduct, asked };
}

const aMinute = () => 60_000;

describe('resending what addresses did not accept', () => {
  it('when messages are due, sends them claim by claim until none is left', async () => {
    const { run, concluded, conduct } = setUp([[delivery(1), delivery(2, '404')], [delivery(3)]], 4);
    expect(await run(aMinute)).toEqual({ sent: 2, failed: 1 + 4, pending: 0 });
    expect(concluded.map(({ status }) => status)).toEqual(['SENT', 'FAILED', 'SENT']);
    expect(conduct).toMatchObject([{ host: 'shop.example', answered: true }, { answered: true }]);
  });

  it('when a host still does not answer, leaves the rest for later and reports that', async () => {
    const { run, concluded, conduct, asked } = setUp([[delivery(1, 'silent'), delivery(2)]]);
    expect(await run(aMinute)).toEqual({ sent: 0, failed: 0, pending: 2 });
    expect(asked).toEqual([1]);
    expect(concluded.map(({ retry }) => retry?.afterMs)).toEqual([300_000, 0]);
    expect(conduct).toEqual([{ host: 'shop.example', answered: false, unanswered: 1 }]);
  });

  it("when the invocation's time is short, claims nothing more", async () => {
    const remaining = [60_000, 24_000];
    const { run, asked } = setUp([[delivery(1)], [delivery(2)]]);
    expect(await run(() => remaining.shift() ?? 0)).toEqual({ sent: 1, failed: 0, pending: 0 });
    expect(asked).toEqual([1]);
  });
});
