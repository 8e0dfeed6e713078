import type { Caller } from '../../lib/http/caller.ts';
import { customer, developer } from '../../test/support/callers.ts';
import { environment } from '../../test/support/environment.ts';
import { emptyRequest, jsonRequest } from '../../test/support/request.ts';
import type { Contacts } from './contacts.ts';

environment();
const { putContacts } = await import('./put-contacts.ts');
const { getContacts } = await import('./get-contacts.ts');

const push = {
  endpoint: 'https://push.example/abc',
  keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: Buffer.alloc(16).toString('base64url') },
};

function setUp(allowLoopback = false) {
  const stored = new Map<number, Contacts>();
  const put = putContacts({
    store: {
      put: (userId, contacts) => {
        stored.set(userId, contacts);
        return Promise.resolve();
      },
    },
    allowLoopback,
  });
  const get = getContacts({ store: { get: (userId) => Promise.resolve(stored.get(userId)) } });
  return {
    put: (body: unknown, userId = '42', caller: Caller = developer) =>
      put(jsonRequest(body, { pathParameters: { userId } }), caller),
    get: (userId: string, caller: Caller = developer) =>
      get(emptyRequest({ pathParameters: { userId } }), caller),
  };
}

describe('PUT /api/users/{userId}/contacts', () => {
  it('when every contact is right, stores and shows them', async () => {
    const { put, get } = setUp();
    const contacts = {
      email: "o'brien@example.com",
      phone: '+821012345678',
      push,
      webhook: 'https://shop.example/hook',
      language: 'ko',
    };
    const answer = { status: 200, body: { userId: 42, ...contacts } };
    expect(await put({ ...contacts, unknown: 1 })).toEqual(answer);
    expect(await get('42')).toEqual(answer);
  });

  it("when a customer reaches for another's contacts, answers 404 and leaves them as they are", async () => {
    const { put, get } = setUp();
    await put({ email: 'a@example.com' }, '42', customer(42));
    await expect(put({ email: 'b@example.com' }, '42', customer(43))).rejects.toMatchObject({ status: 404 });
    await expect(get('42', customer(43))).rejects.toMatchObject({ status: 404 });
    expect(await get('42', customer(42))).toMatchObject({ body: { email: 'a@example.com' } });
  });

  it('when contacts are put again, what is not named or null is gone', async () => {
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
    ['/webhook', { webhook: 'http://shop.example/hook' }],
    ['/webhook', { webhook: 'https://169.254.169.254/' }],
    ['/webhook', { webhook: 'https://localhost./hook' }],
    ['/push/endpoint', { push: { ...push, endpoint: 'https://[::ffff:127.0.0.1]/' } }],
    ['/webhook', { webhook: `https://shop.example/${'x'.repeat(2_048)}` }],
    ['/language', { language: 'fr' }],
  ])('when %s breaks its rule in %j, answers 422 and names it', async (pointer, body) => {
    await expect(setUp().put(body)).rejects.toMatchObject({ status: 422, errors: [{ pointer }] });
  });

  it('when the body is no object, answers 422', async () => {
    await expect(setUp().put([])).rejects.toMatchObject({ status: 422 });
  });

  it.each(['abc', '0', '1.5'])('when the user id is %s, answers 422', async (userId) => {
    await expect(setUp().put({}, userId)).rejects.toMatchObject({
      status: 422,
      errors: [{ pointer: 'userId' }],
    });
  });

  it('when loopback is allowed, takes a webhook on this machine', async () => {
    const webhook = 'http://127.0.0.1:9001/hook';
    expect((await setUp(true).put({ webhook })).body).toMatchObject({ webhook });
  });
});

describe('GET /api/users/{userId}/contacts', () => {
  it.each(['43', 'abc', '0'])('when nothing is known of user %s, answers 404', async (userId) => {
    await expect(setUp().get(userId)).rejects.toMatchObject({ status: 404 });
  });
});
