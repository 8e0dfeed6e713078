import { jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedToken, signingKey, type SigningKey, trusted } from '../../test/support/tokens.ts';
import { createTokenVerifier } from './access-token.ts';
import { publishedKeys } from './issuer-keys.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** An issuer on this machine; what it publishes and how it fails can change while it runs. */
async function startIssuer(published: readonly SigningKey[]) {
  const state = { published, isDown: false, named: '', requests: [] as string[] };
  server = createServer((request, response) => {
    state.requests.push(request.url ?? '');
    if (state.isDown) response.statusCode = 503;
    const discovery = { issuer: state.named, jwks_uri: `${state.named}/keys` };
    const keys = { keys: state.published.map((key) => key.published) };
    response.end(JSON.stringify(request.url === '/keys' ? keys : discovery));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  state.named = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { issuer: state.named });
}

const verifierFor = (issuer: string) =>
  createTokenVerifier({
    issuer,
    audiences: [trusted.audience],
    userClaim: 'sub',
    scopePrefix: '',
    keys: publishedKeys(issuer),
  });

describe('the keys that an issuer publishes', () => {
  it('when many tokens arrive, are fetched once', async () => {
    const key = await signingKey('key-1');
    const issuer = await startIssuer([key]);
    const verify = verifierFor(issuer.issuer);
    const token = await signedToken(key, { iss: issuer.issuer });
    await Promise.all([verify(token), verify(token), verify(token)]);
    await verify(token);
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('when tokens name keys that do not exist, the issuer is not asked for each of them', async () => {
    const key = await signingKey('key-1');
    const issuer = await startIssuer([key]);
    const verify = verifierFor(issuer.issuer);
    await verify(await signedToken(key, { iss: issuer.issuer }));
    const unknown = await signedToken(await signingKey('nobody'), { iss: issuer.issuer });
    for (let times = 0; times < 5; times++) {
      await expect(verify(unknown)).rejects.toMatchObject({ code: 'OPENORDER_TOKEN_REFUSED' });
    }
    expect(issuer.requests).toHaveLength(2);
  });

  it('when the issuer rotates its key, tokens of the new one are accepted within half a minute', async () => {
    const [first, second] = [await signingKey('key-1'), await signingKey('key-2')];
    const issuer = await startIssuer([first]);
    const verify = verifierFor(issuer.issuer);
    await verify(await signedToken(first, { iss: issuer.issuer }));
    issuer.published = [first, second];
    const token = await signedToken(second, { iss: issuer.issuer });
    const halfAMinuteLater = Date.now() + 31_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(halfAMinuteLater);
    expect(
      await verify(token).finally(() => {
        clock.mockRestore();
      }),
    ).toMatchObject({ userId: 42 });
  });

  it('when the issuer does not answer, no token is blamed; once it does, tokens are accepted', async () => {
    const key = await signingKey('key-1');
    const issuer = await startIssuer([key]);
    const verify = verifierFor(issuer.issuer);
    const token = await signedToken(key, { iss: issuer.issuer });
    issuer.isDown = true;
    await expect(verify(token)).rejects.toMatchObject({ code: 'OPENORDER_ISSUER_UNAVAILABLE' });
    issuer.isDown = false;
    expect(await verify(token)).toMatchObject({ userId: 42 });
  });

  it('when the address belongs to another issuer, its keys are not trusted', async () => {
    const key = await signingKey('key-1');
    const issuer = await startIssuer([key]);
    issuer.named = 'https://somebody-else.example';
    const verify = verifierFor(issuer.issuer);
    await expect(verify(await signedToken(key, { iss: issuer.issuer }))).rejects.toMatchObject({
      code: 'OPENORDER_ISSUER_UNAVAILABLE',
    });
  });
});
