import fc from 'fast-check';
import { SignJWT, UnsecuredJWT } from 'jose';
import { secondsFromNow, signedToken, signingKey, trusted } from '../../test/support/tokens.ts';
import { createTokenVerifier, type TokenRules } from './access-token.ts';
import { givenKeys } from './issuer-keys.ts';

const key = await signingKey('key-1');
const otherKey = await signingKey('key-1');

const verifier = (rules: Partial<TokenRules> = {}) =>
  createTokenVerifier({
    issuer: trusted.issuer,
    audiences: ['console', trusted.audience],
    userClaim: 'sub',
    scopePrefix: '',
    keys: givenKeys({ keys: [key.published] }),
    ...rules,
  });
const verify = verifier();
const withClaims = (claims: Record<string, unknown>) => signedToken(key, claims);

/** The parts of a token, with another payload under the same signature. */
function withPayload(token: string, change: object): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url');
  return [header, changed, signature].join('.');
}

describe('a token that the issuer signed', () => {
  it('when everything is right, gives the customer and the scopes', async () => {
    expect(await verify(await withClaims({ scope: 'openid customer' }))).toEqual({
      subject: '42',
      userId: 42,
      scopes: new Set(['openid', 'customer']),
    });
  });

  it.each([
    ['a list of audiences', { aud: ['other', 'openorder'] }],
    ['a client instead of an audience, as from Cognito', { aud: undefined, client_id: 'console' }],
    ['a lifetime that ended less than the tolerance ago', { exp: secondsFromNow(-20) }],
    ['a start within the tolerance', { nbf: secondsFromNow(20), iat: secondsFromNow(20) }],
  ])('when it has %s, is accepted', async (_what, claims) => {
    expect(await verify(await withClaims(claims))).toMatchObject({ userId: 42 });
  });

  it.each([
    ['expired', { exp: secondsFromNow(-61) }],
    ['without a lifetime', { exp: undefined }],
    ['not yet valid', { nbf: secondsFromNow(61) }],
    ['issued in the future', { iat: secondsFromNow(61) }],
    ['of another issuer', { iss: 'https://issuer.example/' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'other' }],
    ['for another audience, though the client is the right one', { aud: 'other', client_id: 'console' }],
    ['for another client', { aud: undefined, client_id: 'other' }],
    ['for nobody', { aud: undefined }],
    ['about an object', { sub: { id: 42 } }],
    ['about a list', { sub: ['42'] }],
  ])('when it is %s, is refused', async (_what, claims) => {
    await expect(verify(await withClaims(claims))).rejects.toMatchObject({ code: 'OPENORDER_TOKEN_REFUSED' });
  });

  it.each([
    ['a string in scp', { scp: 'customer operator:read' }],
    ['a list in scp', { scp: ['customer', 'operator:read'] }],
    ['a string in scope', { scope: 'customer operator:read' }],
  ])('when its scopes are %s, all are read', async (_where, claims) => {
    const { scopes } = await verify(await withClaims({ scope: undefined, ...claims }));
    expect([...scopes]).toEqual(['customer', 'operator:read']);
  });

  it('when the issuer puts a prefix before scopes, only those with it count', async () => {
    const scope = 'openorder/customer other/operator:write operator:write';
    const { scopes } = await verifier({ scopePrefix: 'openorder/' })(await withClaims({ scope }));
    expect([...scopes]).toEqual(['customer']);
  });

  it("when the customer's number is in another claim, it is read from there", async () => {
    const verified = await verifier({ userClaim: 'user_id' })(
      await withClaims({ sub: 'a-uuid', user_id: 7 }),
    );
    expect(verified).toMatchObject({ subject: 'a-uuid', userId: 7 });
  });

  it('when its subject is a number, the subject is its digits', async () => {
    expect(await verify(await withClaims({ sub: 5 }))).toMatchObject({ subject: '5' });
  });

  it.each(['0', '007', '-1', '1.5', '4e2', ' 42', '', 'abc', '9007199254740992', 1.5, true, ['42'], null])(
    'when the number of the customer is %j, there is none',
    async (userId) => {
      const verified = await verifier({ userClaim: 'user_id' })(await withClaims({ user_id: userId }));
      expect(verified.userId).toBeUndefined();
    },
  );
});

describe('a token that the issuer did not sign', () => {
  const forgeries: [string, () => Promise<string> | string][] = [
    ['signed with another key', () => signedToken(otherKey)],
    ['changed after it was signed', async () => withPayload(await signedToken(key), { sub: '7' })],
    ['not signed at all', async () => `${(await signedToken(key)).split('.').slice(0, 2).join('.')}.`],
    [
      'unsecured, which "none" says',
      () => new UnsecuredJWT({ sub: '42' }).setIssuer(trusted.issuer).encode(),
    ],
    [
      'signed by HS256 with the public key as its secret',
      () =>
        new SignJWT({ iss: trusted.issuer, aud: trusted.audience, sub: '42', exp: secondsFromNow(300) })
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' }))),
    ],
    ['without a key that is published', async () => signedToken(await signingKey('key-2'))],
  ];

  it.each(forgeries)('when it is %s, is refused', async (_how, forge) => {
    await expect(verify(await forge())).rejects.toMatchObject({ code: 'OPENORDER_TOKEN_REFUSED' });
  });

  it('when it is arbitrary text, is refused and breaks nothing', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        await expect(verify(text)).rejects.toMatchObject({ code: 'OPENORDER_TOKEN_REFUSED' });
      }),
    );
  });
});
