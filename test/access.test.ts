import { jest } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { audience } from '../lib/local/stack/issuer/callers.ts';
import { loadSigningKey, type SigningKey } from '../lib/local/stack/issuer/signing-key.ts';
import { signToken } from '../lib/local/stack/issuer/token.ts';
import { freePort } from '../lib/local/stack/ports.ts';
import {
  packageProduction,
  type PackagedStage,
  propertiesOf,
  type RouteProperties,
} from './support/packaged-stage.ts';
import { type Service, startService } from './support/service.ts';
import { waitFor } from './support/wait.ts';

/** What a route answers to callers with a valid token. 200 stands for every success. */
interface Row {
  /** A request of user 42's; `{order}` is an order of theirs, decided by inventory. */
  readonly path: string;
  readonly body?: object;
  /** What user 42 gets, and another customer. */
  readonly owner: number;
  readonly other: number;
  /** What operators get who may only read, and those who may only write. */
  readonly reader: number;
  readonly writer: number;
}

const own = { owner: 200, other: 404 };
const nobodys = { owner: 403, other: 403 };
const toRead = { reader: 200, writer: 403 };
const toWrite = { reader: 403, writer: 200 };
const unknown = { path: '/api/dead-letters/park', body: { ids: [1], dryRun: true } };
const contacts = '/api/users/42/contacts';
const noOperation = '/api/operations/8f3e4a52-6c1d-4d4b-9a53-3f7a0c5b1e20';
const order = { userId: 42, items: [{ sku: 'ABC-001', qty: 1 }] };
const everyone = { owner: 200, other: 200, reader: 200, writer: 200 };

/** Every route that asks who calls. A new one has to be added here. */
const rows: Readonly<Record<string, Row>> = {
  'POST /api/orders': { path: '/api/orders', body: order, owner: 200, other: 403, ...toWrite },
  'GET /api/orders/{orderId}': { path: '/api/orders/{order}', ...own, ...toRead },
  'GET /api/orders': { path: '/api/orders?userId=42', owner: 200, other: 403, ...toRead },
  'POST /api/orders/{orderId}/cancel': { path: '/api/orders/{order}/cancel', ...own, ...toWrite },
  'GET /api/reservations/{orderId}': { path: '/api/reservations/{order}', ...nobodys, ...toRead },
  'GET /api/stock': { path: '/api/stock', ...nobodys, ...toRead },
  'PUT /api/stock/{sku}': { path: '/api/stock/ACCESS', body: { onHand: 1 }, ...nobodys, ...toWrite },
  'GET /api/notifications': { path: '/api/notifications?userId=42', ...own, ...toRead },
  'PUT /api/users/{userId}/contacts': {
    path: contacts,
    body: { webhook: 'https://hook.example/a' },
    ...own,
    ...toWrite,
  },
  'GET /api/users/{userId}/contacts': { path: contacts, ...own, ...toRead },
  'POST /api/users/{userId}/contacts/webhook-secret': {
    path: `${contacts}/webhook-secret`,
    ...own,
    ...toWrite,
  },
  'DELETE /api/users/{userId}/contacts': { path: contacts, ...own, ...toWrite },
  'GET /api/dead-letters': { path: '/api/dead-letters', ...nobodys, ...toRead },
  'GET /api/dead-letters/causes': { path: '/api/dead-letters/causes', ...nobodys, ...toRead },
  'GET /api/dead-letters/{id}': { path: '/api/dead-letters/999999999', ...nobodys, reader: 404, writer: 403 },
  'POST /api/dead-letters/redrive': { ...unknown, path: '/api/dead-letters/redrive', ...nobodys, ...toWrite },
  'POST /api/dead-letters/park': { ...unknown, ...nobodys, ...toWrite },
  'POST /api/dead-letters/discard': { ...unknown, path: '/api/dead-letters/discard', ...nobodys, ...toWrite },
  'GET /api/operations': { path: '/api/operations', ...nobodys, ...toRead },
  'GET /api/operations/{id}': { path: noOperation, ...nobodys, reader: 404, writer: 403 },
  'PATCH /api/operations/{id}': {
    path: noOperation,
    body: { state: 'PAUSED' },
    ...nobodys,
    reader: 403,
    writer: 404,
  },
  'POST /api/operations/{id}/undo': { path: `${noOperation}/undo`, ...nobodys, reader: 403, writer: 404 },
  'GET /api/flow': { path: '/api/flow', ...nobodys, ...toRead },
  'GET /api/topics': { path: '/api/topics', ...nobodys, ...toRead },
  'GET /api/topics/{topic}/records': { path: '/api/topics/order.created/records', ...nobodys, ...toRead },
  'GET /api/inbox': { path: '/api/inbox', ...nobodys, ...toRead },
  'GET /api/inbox/{id}': { path: '/api/inbox/nothing', ...nobodys, reader: 404, writer: 403 },
  'GET /api/openapi.json': { path: '/api/openapi.json', ...everyone },
  'GET /api/asyncapi.json': { path: '/api/asyncapi.json', ...everyone },
};
const isOpen = (row: Row) => row.other === 200;

let service: Service;
let packaged: PackagedStage;
let key: SigningKey;
let issuer: string;
let orderId: string;

beforeAll(async () => {
  const authPort = await freePort();
  issuer = `http://localhost:${authPort}`;
  packaged = await packageProduction();
  service = await startService({ environment: { OPENORDER_AUTH: 'on', AUTH_PORT: String(authPort) } });
  key = await loadSigningKey(service.dataDirectory);
  const placed = await send('POST', '/api/orders', await token(), order);
  orderId = String(((await placed.json()) as { orderId: number }).orderId);
  await waitFor(isDecided, { deadlineMs: 60_000, what: 'inventory to decide the order' });
}, 240_000);

afterAll(async () => {
  expect(await service.stop()).toBe(0);
}, 40_000);

const isDecided = async () =>
  (await send('GET', `/api/reservations/${orderId}`, await token({ scope: 'operator:read' }))).ok;

const goodClaims = () => ({ iss: issuer, aud: audience, sub: '42', scope: 'customer' });
const token = (claims: JWTPayload = {}, lifetimeSeconds?: number) =>
  signToken(key, { ...goodClaims(), ...claims }, lifetimeSeconds);
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

function send(method: string, path: string, bearer?: string, body?: object): Promise<Response> {
  return fetch(service.httpUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/**
 * Tokens that let nobody in, each valid except for one thing. They claim every scope, so that nothing else
 * can refuse them.
 */
const everything = { scope: 'customer operator:read operator:write' };
const forgeries: Readonly<Record<string, () => Promise<string | undefined> | string>> = {
  'no token': () => Promise.resolve(undefined),
  garbage: () => 'garbage',
  'a forged signature': () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const claims = { ...goodClaims(), ...everything, exp: inSeconds(300) };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(privateKey);
  },
  'no signature, which alg "none" says': () =>
    new UnsecuredJWT({ ...goodClaims(), ...everything, exp: inSeconds(300) }).encode(),
  'HS256 by the public key': () => {
    const pem = createPublicKey({ key: key.publicKey, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const claims = { ...goodClaims(), ...everything, exp: inSeconds(300) };
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(Buffer.from(pem));
  },
  'claims changed after signing': async () => {
    const [header, payload = '', signature] = (await token()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, ...everything })).toString('base64url');
    return [header, changed, signature].join('.');
  },
  'an expired lifetime': () => token(everything, -61),
  'a lifetime that has not begun': () => token({ ...everything, nbf: inSeconds(90) }),
  'another issuer': () => token({ ...everything, iss: 'https://issuer.example' }),
  'another audience': () => token({ ...everything, aud: 'somebody else' }),
};

const requestOf = (route: string) => {
  const row = rows[route] as Row;
  const [method = ''] = route.split(' ');
  return { method, path: row.path.replace('{order}', orderId), body: row.body };
};
const statusOf = async (route: string, bearer: string | undefined) => {
  const { method, path, body } = requestOf(route);
  const { status } = await send(method, path, bearer, body);
  return status >= 200 && status < 300 ? 200 : status;
};

/** A route's first call starts its container, which takes seconds on a busy machine. */
jest.setTimeout(30_000);

describe('who may call what, with sign-in on', () => {
  it('when a route is deployed, it has a row here, and every row is a route', () => {
    const routes = propertiesOf<RouteProperties>(packaged, 'AWS::ApiGatewayV2::Route')
      .map(({ RouteKey }) => RouteKey)
      .filter((route) => route.includes(' /api/'));
    expect(Object.keys(rows).toSorted()).toEqual(routes.toSorted());
  });

  describe.each(Object.entries(rows))('%s', (route, row) => {
    it.each(Object.entries(forgeries))(
      'when the caller has %s, answers 401 or is open to all',
      async (_what, forge) => {
        expect(await statusOf(route, await forge())).toBe(isOpen(row) ? 200 : 401);
      },
    );

    it('when the token has another scope, answers 403 or is open to all', async () => {
      expect(await statusOf(route, await token({ scope: 'openid' }))).toBe(isOpen(row) ? 200 : 403);
    });

    it.each([
      ['another customer', row.other, { sub: '7' }],
      ['the owner', row.owner, {}],
      ['an operator who may read', row.reader, { sub: 'reader', scope: 'operator:read' }],
      ['an operator who may write', row.writer, { sub: 'writer', scope: 'operator:write' }],
    ])('when the caller is %s, answers %i', async (_who, status, claims) => {
      // Contacts are gone after a DELETE; each caller finds them as the first one did.
      if (row.path.startsWith(contacts))
        await send('PUT', contacts, await token(), rows['PUT /api/users/{userId}/contacts']?.body);
      expect(await statusOf(route, await token(claims))).toBe(status);
    });
  });
});
