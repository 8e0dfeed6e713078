import { createHmac } from 'node:crypto';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing } from '../../../test/support/outgoing.ts';
import {
  NotificationAddressGoneError,
  NotificationDeferredError,
  NotificationRefusedError,
} from '../errors.ts';
import { createPostToAddress } from './post.ts';
import { createWebhookChannel } from './webhook.ts';

const [key, oldKey] = [Buffer.from('a key of at least 24 bytes'), Buffer.from('another, which was replaced')];
const secretOf = (one: Buffer) => `whsec_${one.toString('base64')}`;
const channel = createWebhookChannel({
  post: createPostToAddress({ resolve: () => Promise.resolve([]), allowLoopback: true }),
  now: () => new Date('2026-11-22T10:00:03.456Z'),
});

const to = (url: string, keys = [key]) => outgoing('webhook', url, { secrets: keys.map(secretOf) });

describe('a webhook', () => {
  it('when it accepts the notice, that is signed JSON with an id that is always the same', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    await channel.send(to(`${stub.url}/hook`), noHurry);
    const [request] = stub.requests;
    expect(request?.url).toBe('/hook');
    expect(JSON.parse(String(request?.body))).toEqual({
      type: 'order.reserved',
      timestamp: '2026-11-22T10:00:00.000Z',
      data: { orderId: 7, userId: 42, items: [{ sku: 'ABC-001', qty: 2 }] },
    });
    const signed = `order-7-reserved-webhook.1795341603.${String(request?.body)}`;
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'order-7-reserved-webhook',
      'webhook-timestamp': '1795341603',
      'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    });
  });

  it('when its secret was replaced, the old one signs beside the new one', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    await channel.send(to(stub.url, [key, oldKey]), noHurry);
    const [request] = stub.requests;
    const signed = `order-7-reserved-webhook.1795341603.${String(request?.body)}`;
    const signatures = [key, oldKey].map(
      (one) => `v1,${createHmac('sha256', one).update(signed).digest('base64')}`,
    );
    expect(request?.headers['webhook-signature']).toBe(signatures.join(' '));
  });

  it('when it has no secret, nothing is sent unsigned', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    await expect(channel.send(to(stub.url, []), noHurry)).rejects.toThrow(NotificationDeferredError);
    expect(stub.requests).toEqual([]);
  });

  it('when it answers 410, it is gone; 404 refuses only this message', async () => {
    await using stub = await startHttpStub(({ url }) => ({ status: Number(url.slice(1)) }));
    const sendTo = (path: string) => channel.send(to(`${stub.url}/${path}`), noHurry);
    await expect(sendTo('410')).rejects.toThrow(NotificationAddressGoneError);
    await expect(sendTo('404')).rejects.toThrow(NotificationRefusedError);
  });
});
