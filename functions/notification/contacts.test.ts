import { createECDH } from 'node:crypto';
import type { Caller } from '../../lib/http/caller.ts';
import { customer, developer } from '../../test/support/callers.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest, jsonRequest } from '../../test/support/request.ts';
import type { Contacts } from './contacts.ts';

environment();
const { putContacts } = await import('./put-contacts.ts');
const { getContacts } = await import('./get-contacts.ts');
const { deleteContacts } = await import('./delete-contacts.ts');
const { renewWebhookSecret } = await import('./renew-webhook-secret.ts');

const push = {
  endpoint: 'https://push.example/abc',
  keys: {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: Buffer.alloc(16).toString('base64url'),
  },
};

function setUp(allowLoopback = false) {
  const stored = new Map<number, Contacts>();
  let secrets = 0;
  const newSecret = () => `whsec_${++secrets}`;
  const put = putContacts({
    store: {
      put: (userId, contacts) => {
        const isTaken = contacts.webhook != null && contacts.webhook !== stored.get(userId)?.webhook;
        stored.set(userId, contacts);
        return Promise.resolve(isTaken);
      },
    },
    allowLoopback,
    newSecret,
  });
  const remove = deleteContacts({
    store: {
      remove: (userId) => {
        stored.delete(userId);
        return Promise.resolve();
      },
    },
  });
  const renew = renewWebhookSecret({
    store: { renewSecret: (userId) => Promise.resolve(stored.get(userId)?.webhook != null) },
    newSecret,
  });
  const get = getContacts({ store: { get: (userId) => Promise.resolve(stored.get(userId)) } });
  return {
    put: (body: unknown, userId = '42', caller: Caller = developer) =>
      put(jsonRequest(body, { pathParameters: { userId } }), caller),
    get: (userId: string, caller: Caller = developer) =>
      get(emptyRequest({ pathParameters: { userId } }), caller),
    remove: (userId: string, caller: Caller = developer) =>
      remove(emptyRequest({ pathParameters: { userId } }), caller),
    renew: (userId: string, caller: Caller = developer) =>
      renew(emptyRequest({ pathParameters: { userId } }), caller),
  };
}

describe('PUT /api/users/{userId}/contacts', () => {
  it('when every contact is valid, stores and shows them', async () => {
    const { put, get } = setUp();
    const contacts = {
      email: "o'brien@example.com",
      phone: '+821012345678',
      push,
      webhook: 'https://shop.example/hook',
      language: 'ko',
    };
    const body = { userId: 42, ...contacts };
    expect(await put({ ...contacts, unknown: 1 })).toEqual({
      status: 200,
      body: { ...body, webhookSecret: 'whsec_1' },
    });
    expect(await get('42')).toEqual({ status: 200, body });
  });

  it('when the webhook stays as it is, shows no secret', async () => {
    const { put } = setUp();
    await put({ webhook: 'https://shop.example/hook' });
    const { body } = await put({ webhook: 'https://shop.example/hook', language: 'ko' });
    expect(body).toEqual({ userId: 42, webhook: 'https://shop.example/hook', language: 'ko' });
  });

  it("when a customer tries to change another's contacts, answers 404 and leaves them unchanged", async () => {
    const { put, get } = setUp();
    await put({ email: 'a@example.com' }, '42', customer(42));
    await expect(put({ email: 'b@example.com' }, '42', customer(43))).rejects.toMatchObject({ status: 404 });
    await expect(get('42', customer(43))).rejects.toMatchObject({ status: 404 });
    expect(await get('42', customer(42))).toMatchObject({ body: { email: 'a@example.com' } });
  });

  it('when contacts are put again, those that are missing or null are removed', async () => {
    const { put, get } = setUp();
    await put({ email: 'a@example.com', phone: '+821012345678' });
    await put({ phone: null });
    expect(await get('42')).toEqual({ status: 200, body: { userId: 42, language: 'en' } });
  });

  it.each([
    ['/email', { email: 'user42' }],
    ['/email', { email: 'a@example.com, b@example.com' }],
    ['/email', { email: 'a@example.com\r\nBcc: b@example.com' }],
    ['/email', { email: `${'a'.repeat(250)}@example.com` }],
    ['/phone', { phone: '010-1234-5678' }],
    ['/phone', { phone: '+0123456789' }],
    ['/phone', { phone: 821_012_345_678 }],
    ['/push', { push: 'https://push.example' }],
    ['/push/endpoint', { push: { ...push, endpoint: 'http://push.example' } }],
    ['/push/keys/auth', { push: { ...push, keys: { ...push.keys, auth: 'short' } } }],
    ['/push/keys/p256dh', { push: { ...push, keys: { ...push.keys, p256dh: '%' } } }],
    [
      '/push/keys/p256dh',
      { push: { ...push, keys: { ...push.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } } },
    ],
    ['/push/endpoint', { push: { ...push, endpoint: 'https://push.example/\0' } }],
    ['/push/endpoint', { push: { ...push, endpoint: 'https://push.example/\ud800' } }],
    ['/webhook', { webhook: 'https://shop.example/\0' }],
    ['/webhook', { webhook: '\0https://shop.example/' }],
    ['/webhook', { webhook: 'https://shop.\nexample/' }],
    ['/webhook', { webhook: ' https://shop.example/' }],
    ['/webhook', { webhook: 'https://shop.example/\ud800' }],
    ['/webhook', { webhook: 'http://shop.example/hook' }],
    ['/webhook', { webhook: 'https://169.254.169.254/' }],
    ['/webhook', { webhook: 'https://localhost./hook' }],
    ['/push/endpoint', { push: { ...push, endpoint: 'https://[::ffff:127.0.0.1]/' } }],
    ['/webhook', { webhook: `https://shop.example/${'x'.repeat(2_048)}` }],
    ['/language', { language: 'fr' }],
  ])('when %s breaks its rule in %j, answers 422 and names it', async (pointer, body) => {
    await expect(setUp().put(body)).rejects.toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it('when the body is not an object, answers 422', async () => {
    await expect(setUp().put([])).rejects.toMatchObject({ status: 422 });
  });

  it.each(['abc', '0', '1.5', '01'])('when the user id is %s, answers 422', async (userId) => {
    await expect(setUp().put({}, userId)).rejects.toMatchObject({
      status: 422,
      errors: [{ pointer: 'userId' }],
    });
  });

  it('when loopback is allowed, accepts a webhook on this machine', async () => {
    const webhook = 'http://127.0.0.1:9001/hook';
    expect((await setUp(true).put({ webhook })).body).toMatchObject({ webhook });
  });
});

describe('GET /api/users/{userId}/contacts', () => {
  it.each(['43', 'abc', '0'])('when nothing is known of user %s, answers 404', async (userId) => {
    await expect(setUp().get(userId)).rejects.toMatchObject({ status: 404 });
  });
});

describe('DELETE /api/users/{userId}/contacts', () => {
  it('when there are contacts, removes them, and answers the same when repeated', async () => {
    const { put, get, remove } = setUp();
    await put({ email: 'a@example.com' });
    expect(await remove('42', customer(42))).toEqual({ status: 204, body: undefined });
    expect(await remove('42', customer(42))).toEqual({ status: 204, body: undefined });
    await expect(get('42')).rejects.toMatchObject({ status: 404 });
  });

  it("when they are another customer's, or the id is invalid, answers 404 and removes nothing", async () => {
    const { put, get, remove } = setUp();
    await put({ email: 'a@example.com' });
    await expect(remove('42', customer(43))).rejects.toMatchObject({ status: 404 });
    await expect(remove('abc')).rejects.toMatchObject({ status: 404 });
    expect(await get('42')).toMatchObject({ body: { email: 'a@example.com' } });
  });
});

describe('POST /api/users/{userId}/contacts/webhook-secret', () => {
  it('when the user has a webhook, makes and shows a new secret', async () => {
    const { put, renew } = setUp();
    await put({ webhook: 'https://shop.example/hook' });
    expect(await renew('42', customer(42))).toEqual({ status: 200, body: { webhookSecret: 'whsec_2' } });
  });

  it.each([
    ['has no webhook', '42', customer(42)],
    ['is another', '42', customer(43)],
    ['is none', '0', developer],
  ])('when the user %s, answers 404', async (_what, userId, caller) => {
    const { put, renew } = setUp();
    await put({ email: 'a@example.com' });
    await expect(renew(userId, caller)).rejects.toMatchObject({ status: 404 });
  });
});
