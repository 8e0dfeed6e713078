import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { decrypt } from 'http_ece';
import webPush from 'web-push';
import { SecretUnavailableError } from '../../../lib/errors.ts';
import { startHttpStub } from '../../../test/support/http-stub.ts';
import { noHurry, outgoing, reservedNotice } from '../../../test/support/outgoing.ts';
import { NotificationAddressGoneError } from '../errors.ts';
import { createPostToAddress } from './post.ts';
import { createWebPushChannel } from './web-push.ts';

const keys = webPush.generateVAPIDKeys();
const vapid = {
  publicKey: keys.publicKey,
  privateKey: () => Promise.resolve(keys.privateKey),
  subject: 'mailto:orders@shop.example',
};
const post = createPostToAddress({ resolve: () => Promise.resolve([]), allowLoopback: true });
const channel = createWebPushChannel({ post, vapid });

/** A browser's half of a subscription: only it can read what is sent. */
function browser(endpoint: string) {
  const keys = createECDH('prime256v1');
  const p256dh = keys.generateKeys().toString('base64url');
  const auth = randomBytes(16).toString('base64url');
  return {
    address: JSON.stringify({ endpoint, keys: { p256dh, auth } }),
    read: (body: Buffer) => {
      const text = decrypt(body, { version: 'aes128gcm', privateKey: keys, authSecret: auth }).toString(
        'utf8',
      );
      return JSON.parse(text) as unknown;
    },
  };
}

/**
 * Reads a token as a push service does; undefined when it is forged.
 * https://www.rfc-editor.org/rfc/rfc8292#section-2
 */
function readToken(authorization: string): unknown {
  const [token = '', publicKey = ''] = authorization.replace('vapid t=', '').split(', k=');
  const [header, claims, signature] = token.split('.').map(String);
  const genuine = verify(
    'sha256',
    Buffer.from(`${String(header)}.${String(claims)}`),
    { key: keyOf(Buffer.from(publicKey, 'base64url')), dsaEncoding: 'ieee-p1363' },
    Buffer.from(String(signature), 'base64url'),
  );
  return genuine ? JSON.parse(Buffer.from(String(claims), 'base64url').toString('utf8')) : undefined;
}

/** An uncompressed point of P-256: a byte, then both coordinates. */
function keyOf(point: Buffer) {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) } });
}

describe('a push notification', () => {
  it('when the private key cannot be read, then nothing is sent, and the error says so', async () => {
    await using stub = await startHttpStub(() => ({ status: 201 }));
    const unavailable = new SecretUnavailableError('not now');
    const locked = createWebPushChannel({
      post,
      vapid: { ...vapid, privateKey: () => Promise.reject(unavailable) },
    });
    const { address } = browser(`${stub.url}/push`);
    await expect(locked.send(outgoing('push', address), noHurry)).rejects.toBe(unavailable);
    expect(stub.requests).toEqual([]);
  });

  it('when the push service accepts it, the browser can read it', async () => {
    await using stub = await startHttpStub(() => ({ status: 201, headers: { location: '/message/1' } }));
    const { address, read } = browser(`${stub.url}/push`);
    expect(await channel.send(outgoing('push', address), noHurry)).toBe('/message/1');
    expect(read(stub.requests[0]?.body ?? Buffer.alloc(0))).toEqual({
      title: 'Your order 7 is confirmed',
      body: 'Order 7 is confirmed: everything is in stock and set aside for you.',
      lang: 'en',
      tag: 'order-7-reserved-push',
      data: { orderId: 7, kind: 'reserved' },
    });
  });

  it('when it is sent, it is signed with our key and names a topic that replaces an earlier copy', async () => {
    await using stub = await startHttpStub(() => ({ status: 201 }));
    await channel.send(outgoing('push', browser(stub.url).address), noHurry);
    const { authorization, topic, ttl } = stub.requests[0]?.headers ?? {};
    expect({ topic, ttl }).toEqual({ topic: 'order-7-reserved', ttl: '86400' });
    expect(authorization).toContain(`k=${vapid.publicKey}`);
    expect(readToken(String(authorization))).toMatchObject({
      aud: stub.url,
      sub: 'mailto:orders@shop.example',
    });
  });

  it('when the order id is the largest there can be, the topic still fits', async () => {
    await using stub = await startHttpStub(() => ({ status: 201 }));
    const notice = { ...reservedNotice, orderId: Number.MAX_SAFE_INTEGER };
    await channel.send(outgoing('push', browser(stub.url).address, { notice }), noHurry);
    expect(String(stub.requests[0]?.headers['topic']).length).toBeLessThanOrEqual(32);
  });

  it.each([404, 410])('when the push service answers %d, the subscription is gone', async (status) => {
    await using stub = await startHttpStub(() => ({ status }));
    await expect(channel.send(outgoing('push', browser(stub.url).address), noHurry)).rejects.toThrow(
      NotificationAddressGoneError,
    );
  });
});
