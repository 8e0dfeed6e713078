import { createHmac } from 'node:crypto';
import { NotificationAddressGoneError, NotificationRefusedError } from '../errors.ts';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing } from '../../../test/support/outgoing.ts';
import { createPostToAddress } from './post.ts';
import { createWebhookChannel } from './webhook.ts';

const key = Buffer.from('a key of at least 24 bytes');
const channel = createWebhookChannel({
  post: createPostToAddress({ resolve: () => Promise.resolve([]), allowLoopback: true }),
  secret: `whsec_${key.toString('base64')}`,
  now: () => new Date('2026-11-22T10:00:03.456Z'),
});

describe('a webhook', () => {
  it('when it takes the notice, that is signed JSON with an id that is always the same', async () => {
    await using stub = await startHttpStub(() => ({ status: 204 }));
    await channel.send(outgoing('webhook', `${stub.url}/hook`), noHurry);
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

  it('when it answers 410, it is gone; 404 refuses this message only', async () => {
    await using stub = await startHttpStub(({ url }) => ({ status: Number(url.slice(1)) }));
    const sendTo = (path: string) => channel.send(outgoing('webhook', `${stub.url}/${path}`), noHurry);
    await expect(sendTo('410')).rejects.toThrow(NotificationAddressGoneError);
    await expect(sendTo('404')).rejects.toThrow(NotificationRefusedError);
  });
});
