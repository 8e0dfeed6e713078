import { setTimeout as wait } from 'node:timers/promises';
import { outgoing } from '../../test/support/outgoing.ts';
import {
  NotificationAddressGoneError,
  NotificationDeferredError,
  NotificationRefusedError,
  NotificationUnreachableError,
} from './errors.ts';
import type { Outgoing } from './channels/channel.ts';
import { type AddressLimits, sendToAddresses } from './send-to-addresses.ts';

const ample: Omit<AddressLimits, 'deadline'> = {
  atOnce: 40,
  atOncePerHost: 3,
  timeoutMs: 1_000,
  silentHosts: new Set(),
};

/** Messages to webhooks at one host. */
const messagesTo = (host: string, count: number) =>
  Array.from({ length: count }, (_, index) => outgoing('webhook', `https://${host}/${index}`));

/**
 * Sends through a webhook channel that does as `answer` says; records what it sent and the most concurrent
 * sends.
 */
async function round(
  deliveries: readonly Outgoing[],
  answer: (outgoing: Outgoing, signal: AbortSignal) => Promise<void>,
  limits: Partial<AddressLimits> = {},
) {
  const asked: string[] = [];
  const underWay = { now: 0, most: 0 };
  const load = () =>
    Promise.resolve({
      async send(one: Outgoing, signal: AbortSignal) {
        asked.push(one.address);
        underWay.most = Math.max(underWay.most, ++underWay.now);
        await answer(one, signal).finally(() => (underWay.now -= 1));
        return undefined;
      },
    });
  const channels = { webhook: load, push: load };
  const result = await sendToAddresses(deliveries, channels, {
    ...ample,
    deadline: Date.now() + 60_000,
    ...limits,
  });
  return { ...result, asked, mostAtOnce: underWay.most };
}

const take = () => wait(1);
const fail = (error: Error) => () => Promise.reject(error);
const silent = () => wait(10).then(fail(new NotificationUnreachableError('silent')));
const never = () => new Promise<void>(() => undefined);

describe('a host of customers’ own addresses', () => {
  it('when it answers, the first message goes alone and the others a few at a time', async () => {
    const events: string[] = [];
    const { attempted, hosts, mostAtOnce } = await round(messagesTo('shop.example', 20), async () => {
      events.push('asked');
      await take();
      events.push('answered');
    });
    expect(events.slice(0, 3)).toEqual(['asked', 'answered', 'asked']);
    expect(attempted.map(({ status }) => status)).toEqual(Array(20).fill('SENT'));
    expect(mostAtOnce).toBe(3);
    expect(hosts).toEqual([{ host: 'shop.example', answered: true, unanswered: 0 }]);
  });

  it('when it does not answer the first message, none follows', async () => {
    const { attempted, hosts, asked } = await round(messagesTo('shop.example', 1_500), silent);
    expect(asked).toHaveLength(1);
    expect(hosts).toEqual([{ host: 'shop.example', answered: false, unanswered: 1 }]);
    expect(attempted.map(({ status }) => status)).toEqual(Array(1_500).fill('PENDING'));
    expect(attempted.map(({ attempts }) => attempts)).toEqual([1, ...Array<number>(1_499).fill(0)]);
  });

  it('when it stops answering, only those in progress are lost', async () => {
    let answers = 4;
    const { asked, hosts } = await round(messagesTo('shop.example', 100), () =>
      answers-- > 0 ? take() : silent(),
    );
    expect(asked.length).toBeLessThanOrEqual(4 + 3);
    expect(hosts).toMatchObject([{ answered: true, unanswered: asked.length - 4 }]);
  });

  it('when it hangs, the send ends with its timeout', async () => {
    const { attempted, hosts } = await round(messagesTo('shop.example', 2), never, { timeoutMs: 30 });
    expect(attempted[0]).toMatchObject({ status: 'PENDING', error: { name: 'NotificationTimeoutError' } });
    expect(hosts).toMatchObject([{ unanswered: 1 }]);
  });

  it.each([
    ['refuses permanently', new NotificationRefusedError('404'), 'FAILED'],
    ['refuses temporarily', new NotificationDeferredError('503'), 'PENDING'],
  ])('when it %s, it has answered, and every message is sent', async (_what, error, status) => {
    const { attempted, hosts, asked } = await round(messagesTo('shop.example', 10), fail(error));
    expect(asked).toHaveLength(10);
    expect(attempted.map((one) => one.status)).toEqual(Array(10).fill(status));
    expect(hosts).toEqual([{ host: 'shop.example', answered: true, unanswered: 0 }]);
  });

  it('when it is known to be silent, it is not tried', async () => {
    const { attempted, hosts, asked } = await round(messagesTo('shop.example', 2), take, {
      silentHosts: new Set(['shop.example']),
    });
    expect(asked).toEqual([]);
    expect(hosts).toEqual([]);
    expect(attempted).toMatchObject([{ status: 'PENDING', attempts: 0 }, { attempts: 0 }]);
  });

  it('when one of its addresses is gone, that one is not tried again, but the others are', async () => {
    const gone = () => outgoing('webhook', 'https://shop.example/gone');
    const deliveries = [gone(), gone(), ...messagesTo('shop.example', 2)];
    const { attempted, asked } = await round(deliveries, ({ address }) =>
      address.endsWith('/gone') ? fail(new NotificationAddressGoneError('410'))() : take(),
    );
    expect(asked).toHaveLength(3);
    expect(attempted.map(({ status, attempts }) => `${status} ${attempts}`).toSorted()).toEqual([
      'FAILED 0',
      'FAILED 1',
      'SENT 1',
      'SENT 1',
    ]);
  });
});

describe('several hosts', () => {
  it('when one does not answer, the others get theirs', async () => {
    const deliveries = [...messagesTo('silent.example', 50), ...messagesTo('shop.example', 50)];
    const { attempted } = await round(
      deliveries,
      ({ address }) => (address.includes('silent') ? never() : take()),
      { timeoutMs: 100 },
    );
    const sent = attempted.filter(({ status }) => status === 'SENT');
    expect(sent).toHaveLength(50);
    expect(sent.every(({ delivery }) => delivery.address.includes('shop.example'))).toBe(true);
  });

  it('when there are many, no more sends are in progress than allowed', async () => {
    const deliveries = Array.from({ length: 100 }, (_, index) =>
      messagesTo(`shop-${index}.example`, 3),
    ).flat();
    const { attempted, mostAtOnce } = await round(deliveries, take, { atOnce: 10 });
    expect(attempted).toHaveLength(300);
    expect(mostAtOnce).toBe(10);
  });

  it('when none of them answers, the round ends with its deadline', async () => {
    const deliveries = Array.from({ length: 100 }, (_, index) =>
      messagesTo(`shop-${index}.example`, 3),
    ).flat();
    const deadline = Date.now() + 250;
    const { attempted, asked } = await round(deliveries, never, { atOnce: 10, timeoutMs: 100, deadline });
    expect(Date.now()).toBeLessThan(deadline + 1_000);
    expect(asked.length).toBeLessThanOrEqual(30);
    expect(attempted).toHaveLength(300);
  });

  it('when they differ by port or by a trailing dot, only the port makes another host', async () => {
    const deliveries = ['https://shop.example/', 'https://shop.example./', 'http://localhost:81/'].map(
      (address) => outgoing('webhook', address),
    );
    const push = outgoing('push', JSON.stringify({ endpoint: 'https://push.example/1' }));
    const { hosts } = await round([...deliveries, push], take);
    expect(hosts.map(({ host }) => host)).toEqual(['shop.example', 'localhost:81', 'push.example']);
  });
});
