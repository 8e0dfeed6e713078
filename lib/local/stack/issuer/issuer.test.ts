import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenVerifier } from '../../../http/access-token.ts';
import { publishedKeys } from '../../../http/issuer-keys.ts';
import { freePort } from '../ports.ts';
import { audience, consoleClientId } from './callers.ts';
import { type RunningIssuer, startIssuer } from './issuer.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'openorder-issuer-'));
const consoleOrigin = 'http://localhost:8080';
let running: RunningIssuer;

beforeAll(async () => {
  running = await startIssuer({ port: await freePort(), dataDirectory, trustedOrigins: [consoleOrigin] });
});
afterAll(async () => {
  await running.stop();
  rmSync(dataDirectory, { recursive: true });
});

const verifier = randomBytes(32).toString('base64url');
const request = {
  response_type: 'code',
  client_id: consoleClientId,
  redirect_uri: `${consoleOrigin}/console`,
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
  state: 's"&<',
};
const navigation = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

const authorizeUrl = (changes: Record<string, string> = {}) =>
  `${running.issuer}/authorize?${new URLSearchParams({ ...request, ...changes }).toString()}`;
const signIn = (as: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(authorizeUrl({ scope: 'openid' }), {
    method: 'POST',
    body: new URLSearchParams(as),
    redirect: 'manual',
    headers,
  });
const codeOf = (answer: Response) => new URL(answer.headers.get('location') ?? '').searchParams;
const redeem = (code: string, changes: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(`${running.issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: consoleClientId,
      redirect_uri: request.redirect_uri,
      code_verifier: verifier,
      ...changes,
    }),
  });
const newCode = async () => codeOf(await signIn({ as: 'operator' })).get('code') ?? '';

describe('the sign-in of the local issuer', () => {
  it.each([
    ['a customer', { as: 'customer', user: '42' }, { subject: '42', userId: 42, scopes: ['customer'] }],
    ['an operator', { as: 'operator' }, { subject: 'operator', scopes: ['operator:read', 'operator:write'] }],
  ])('when %s signs in by code and PKCE, the functions accept the token', async (_who, as, expected) => {
    const answer = codeOf(await signIn(as));
    expect(answer.get('state')).toBe(request.state);
    expect(answer.get('iss')).toBe(running.issuer);
    const tokens = (await (await redeem(answer.get('code') ?? '')).json()) as Record<string, string>;
    const verify = createTokenVerifier({
      issuer: running.issuer,
      audiences: [audience],
      userClaim: 'sub',
      scopePrefix: '',
      keys: publishedKeys(running.issuer),
    });
    const token = await verify(tokens['access_token'] ?? '');
    expect({ ...token, scopes: [...token.scopes] }).toMatchObject(expected);
    expect(tokens).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) as string });
  });

  it('when a browser comes from the console, shows who may sign in, and runs nothing from the address', async () => {
    const page = await fetch(authorizeUrl(), { headers: navigation });
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(text).toContain('value="42"');
    expect(text).not.toContain(request.state);
  });

  it.each([
    ['leads to another machine', { redirect_uri: 'https://evil.example/console' }],
    ['leads to a name that only looks local', { redirect_uri: 'http://localhost.evil.example/' }],
    ['hides another machine behind credentials', { redirect_uri: 'http://localhost@evil.example/' }],
    ['comes from another client', { client_id: 'other' }],
    ['has no challenge', { code_challenge: '' }],
    ['has a challenge that is its verifier', { code_challenge_method: 'plain' }],
    ['asks for a token in the address', { response_type: 'token' }],
  ])('when a request %s, is refused and leads nowhere', async (_what, changes) => {
    const answer = await fetch(authorizeUrl(changes), { redirect: 'manual', headers: navigation });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
  });

  it('when another page sends the choice, nobody signs in', async () => {
    const answer = await signIn({ as: 'operator' }, { origin: 'https://evil.example', ...navigation });
    expect(answer.status).toBe(403);
  });

  it.each([
    ['another verifier', { code_verifier: 'guess' }],
    ['no verifier', { code_verifier: '' }],
    ['another address', { redirect_uri: 'http://localhost:9/' }],
    ['another client', { client_id: 'other' }],
  ])('when a code is redeemed with %s, there is no token, and the code is spent', async (_what, changes) => {
    const code = await newCode();
    expect((await redeem(code, changes)).status).toBe(400);
    expect((await redeem(code)).status).toBe(400);
  });

  it('when a code is redeemed a second time, there is no token', async () => {
    const code = await newCode();
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).status).toBe(400);
  });

  it('when the console redeems a code it may read the answer; no other page may even ask', async () => {
    const allowed = await redeem(
      await newCode(),
      {},
      { origin: consoleOrigin, 'sec-fetch-site': 'same-site' },
    );
    expect(allowed.headers.get('access-control-allow-origin')).toBe(consoleOrigin);
    const refused = await redeem(
      await newCode(),
      {},
      { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' },
    );
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('when the issuer starts again, its earlier tokens are still good', async () => {
    const keysOf = async (issuer: string) => await (await fetch(`${issuer}/jwks`)).json();
    const again = await startIssuer({ port: await freePort(), dataDirectory, trustedOrigins: [] });
    expect(await keysOf(again.issuer)).toEqual(await keysOf(running.issuer));
    await again.stop();
  });
});
