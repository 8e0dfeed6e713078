import { createHmac } from 'node:crypto';
import { NotificationDeferredError, NotificationRefusedError } from '../../../lib/errors.ts';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing } from '../../../test/support/outgoing.ts';
import { createWebhookChannel } from './webhook.ts';

const key = Buffer.from('a key of at least 24 bytes');
const channel = createWebhookChannel({
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

  it.each([301, 400, 401, 404, 410, 422])('when it answers %d, it is refused for good', async (status) => {
    await using stub = await startHttpStub(() => ({ status, headers: { location: 'http://127.0.0.1:1/' } }));
    await expect(channel.send(outgoing('webhook', stub.url), noHurry)).rejects.toThrow(
      NotificationRefusedError,
    );
  });

  it.each([408, 425, 429, 500, 503])('when it answers %d, it may pass', async (status) => {
    await using stub = await startHttpStub(() => ({ status }));
    await expect(channel.send(outgoing('webhook', stub.url), noHurry)).rejects.toThrow(
      NotificationDeferredError,
    );
  });

  it('when nobody listens, it may pass: that says nothing about other webhooks', async () => {
    const stub = await startHttpStub(() => undefined);
    await stub[Symbol.asyncDispose]();
    await expect(channel.send(outgoing('webhook', stub.url), noHurry)).rejects.toThrow(
      NotificationDeferredError,
    );
  });

  it('when it hangs, the signal ends the send', async () => {
    await using stub = await startHttpStub(() => undefined);
    await expect(channel.send(outgoing('webhook', stub.url), AbortSignal.timeout(50))).rejects.toMatchObject({
      cause: { name: 'TimeoutError' },
    });
  });
});
