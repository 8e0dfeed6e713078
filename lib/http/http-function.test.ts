import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { sample } from '../../test/support/sample.ts';
import { signedToken, signingKey, trusted } from '../../test/support/tokens.ts';
import type { Caller, Scope } from './caller.ts';
import { httpFunction, openFunction } from './http-function.ts';

const key = await signingKey('key-1');
const enforced = {
  AUTH_ISSUER: trusted.issuer,
  AUTH_AUDIENCE: trusted.audience,
  AUTH_JWKS: JSON.stringify({ keys: [key.published] }),
};

/** A route's function in a container with these settings and no others that concern callers. */
function setUp(
  settings: Readonly<Record<string, string>>,
  scopes: readonly [Scope, ...Scope[]] = ['customer', 'operator:write'],
) {
  for (const name of Object.keys(process.env))
    if (/^(AUTH|AWS_LAMBDA)_/.test(name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, settings);
  const callers: Caller[] = [];
  const handler = httpFunction({ scopes }, (_request, caller) => {
    callers.push(caller);
    return Promise.resolve({ status: 200, body: {} });
  });
  const request = async (headers: Record<string, string> = {}, rest: object = {}) => {
    const event = { ...(sample('getOrder', 'order') as APIGatewayProxyEventV2), headers, ...rest };
    const answer = await handler(event, {} as Context);
    return { ...answer, problem: JSON.parse(answer.body ?? '{}') as { type?: string } };
  };
  const withToken = async (claims: Record<string, unknown> = {}) =>
    request({ authorization: `Bearer ${await signedToken(key, claims)}` });
  return { request, withToken, callers };
}

describe('a route for customers and operators, with an issuer configured', () => {
  it('when a customer calls, the handler receives the customer', async () => {
    const { withToken, callers } = setUp(enforced);
    expect(await withToken()).toMatchObject({ statusCode: 200 });
    expect(callers).toEqual([{ kind: 'customer', userId: 42 }]);
  });

  it('when an operator calls, the handler receives the operator by name, with the scopes that count here', async () => {
    const { withToken, callers } = setUp(enforced);
    await withToken({ sub: 'kim', scope: 'operator:read operator:write' });
    await withToken({ sub: '42', scope: 'customer operator:write' });
    expect(callers).toEqual([
      { kind: 'operator', name: 'kim', scopes: ['operator:write'] },
      { kind: 'operator', name: '42', scopes: ['operator:write'] },
    ]);
  });

  it.each([
    ['no credentials', {}],
    ['another scheme', { authorization: 'Basic NDI6c2VjcmV0' }],
  ])('when a request has %s, is answered 401 with a bare challenge', async (_what, headers) => {
    const { request, callers } = setUp(enforced);
    expect(await request(headers)).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
      problem: { type: 'urn:openorder:problem:unauthenticated' },
    });
    expect(callers).toEqual([]);
  });

  it.each(['Bearer', 'Bearer a b', 'Bearer garbage', 'bearer a.b.c'])(
    'when the header is "%s", is answered 401, saying that the token is invalid',
    async (authorization) => {
      expect(await setUp(enforced).request({ authorization })).toMatchObject({
        statusCode: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      });
    },
  );

  it.each([
    ['no scope of the route', { scope: 'operator:read' }],
    ['no customer number', { sub: 'kim' }],
  ])('when a token has %s, is answered 403', async (_what, claims) => {
    expect(await setUp(enforced).withToken(claims)).toMatchObject({
      statusCode: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="customer operator:write"' },
      problem: { type: 'urn:openorder:problem:forbidden' },
    });
  });

  it('when the host claims to have verified a caller, it changes nothing', async () => {
    const { request } = setUp({ ...enforced, AUTHORIZER: JSON.stringify({ scope: 'operator:write' }) });
    const authorizer = {
      jwt: { claims: { sub: '42', scope: 'operator:write' }, scopes: ['operator:write'] },
    };
    const headers = { 'sls-offline-authorizer-override': JSON.stringify(authorizer) };
    expect(await request(headers, { requestContext: { authorizer } })).toMatchObject({ statusCode: 401 });
  });

  it('when the issuer cannot be reached, is answered 503 and asked to try again', async () => {
    const nowhere = { AUTH_ISSUER: 'http://127.0.0.1:1', AUTH_AUDIENCE: trusted.audience };
    expect(await setUp(nowhere).withToken({ iss: 'http://127.0.0.1:1' })).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '2' },
    });
  });
});

describe('who is let in', () => {
  it('when the local stack opened the laptop, every caller is the developer', async () => {
    const { request, callers } = setUp({ AUTH_OPEN: 'laptop' });
    expect(await request()).toMatchObject({ statusCode: 200 });
    expect(callers).toEqual([{ kind: 'developer' }]);
  });

  it.each([
    ['nothing is configured', {}],
    ['it runs offline, but the local stack did not open it', { IS_OFFLINE: 'true' }],
    ['it runs on Lambda, whatever is set', { AUTH_OPEN: 'laptop', AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' }],
    ['the audience is missing', { AUTH_ISSUER: trusted.issuer, AUTH_OPEN: 'laptop' }],
    ['a setting is malformed', { ...enforced, AUTH_JWKS: '{"keys":1}', AUTH_OPEN: 'laptop' }],
  ])('when %s, every request is refused with 500', async (_what, settings) => {
    const { request, withToken, callers } = setUp(settings);
    expect(await request()).toMatchObject({ statusCode: 500 });
    expect(await withToken({ scope: 'operator:write' })).toMatchObject({ statusCode: 500 });
    expect(callers).toEqual([]);
  });

  it('when an issuer is named, opening the laptop changes nothing', async () => {
    expect(await setUp({ ...enforced, AUTH_OPEN: 'laptop' }).request()).toMatchObject({ statusCode: 401 });
  });

  it('when a route is open, everyone is let in, configured or not', async () => {
    setUp({});
    const handler = openFunction(() => Promise.resolve({ status: 200, body: {} }));
    const event = sample('getOrder', 'order') as APIGatewayProxyEventV2;
    expect(await handler(event, {} as Context)).toMatchObject({ statusCode: 200 });
  });
});
