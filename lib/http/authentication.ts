import { setting } from '../config.ts';
import { AuthenticationNotConfiguredError, TokenRefusedError } from '../errors.ts';
import { logger } from '../logger.ts';
import { type AccessToken, createTokenVerifier } from './access-token.ts';
import type { Caller, Scope } from './caller.ts';
import { givenKeys, publishedKeys } from './issuer-keys.ts';
import { forbidden, HttpProblem } from './problem.ts';
import type { HttpRequest } from './request.ts';

/**
 * Finds out who sent a request to a route that accepts any of these scopes.
 * @throws HttpProblem 401 without a valid token, 403 with one that lacks every scope of the route
 */
export type Authenticate = (request: HttpRequest, scopes: readonly Scope[]) => Promise<Caller>;

/** Every caller presents a bearer token. */
function byToken(verify: (token: string) => Promise<AccessToken>): Authenticate {
  return async (request, scopes) => {
    const token = await verified(bearerToken(request.headers['authorization']), verify);
    return callerOf(token, scopes);
  };
}

/** Every caller is the developer: only the person at this laptop can call. */
const open: Authenticate = () => Promise.resolve({ kind: 'developer' });

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
function bearerToken(authorization: string | undefined): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  if (token !== undefined) return token;
  if (/^Bearer\b/i.test(authorization ?? ''))
    throw unauthenticated('The bearer token is malformed.', invalidToken);
  throw unauthenticated('Send a bearer token.');
}

async function verified(
  token: string,
  verify: (token: string) => Promise<AccessToken>,
): Promise<AccessToken> {
  try {
    return await verify(token);
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error;
    logger.info('token refused', { reason: error.message });
    throw unauthenticated(error.message, invalidToken, error);
  }
}

/**
 * An operator's scope takes precedence over a customer's, so that a person with both sees everything they may
 * on each route.
 */
function callerOf({ subject, userId, scopes: granted }: AccessToken, scopes: readonly Scope[]): Caller {
  const held = scopes.filter((scope) => granted.has(scope));
  const operating = held.filter((scope) => scope !== 'customer');
  if (operating.length > 0) {
    return { kind: 'operator', name: subject.slice(0, longestName), scopes: operating };
  }
  if (held.length === 0) throw lacks(scopes, `The token has none of the scopes ${scopes.join(', ')}.`);
  if (userId === undefined) throw lacks(scopes, "The token does not contain a customer's number.");
  return { kind: 'customer', userId };
}

/** In characters; the audit trail holds no more. */
const longestName = 200;

/**
 * https://www.rfc-editor.org/rfc/rfc6750#section-3.1; absent from the response to a request without a token.
 */
const invalidToken = ' error="invalid_token"';

function unauthenticated(detail: string, error = '', cause?: unknown): HttpProblem {
  const headers = { 'www-authenticate': `Bearer${error}` };
  return new HttpProblem(401, 'unauthenticated', 'Unauthenticated', detail, { headers, cause });
}

function lacks(scopes: readonly Scope[], detail: string): HttpProblem {
  const challenge = `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"`;
  return forbidden(detail, { 'www-authenticate': challenge });
}

/**
 * The authentication that this container is configured for, decided at its first request: closed unless an
 * issuer is named, or the local stack opened it.
 * @throws from the returned function, AuthenticationNotConfiguredError, or ConfigurationError when a setting
 *   is malformed
 */
export function configuredAuthentication(): Authenticate {
  let configured: Authenticate | undefined;
  return (request, scopes) => {
    configured ??= readConfiguration();
    return configured(request, scopes);
  };
}

function readConfiguration(): Authenticate {
  const issuer = setting('AUTH_ISSUER');
  if (issuer === undefined && isOpenLaptop()) return open;
  const audiences = setting('AUTH_AUDIENCE');
  if (issuer === undefined || audiences === undefined) {
    throw new AuthenticationNotConfiguredError(
      'Set AUTH_ISSUER and AUTH_AUDIENCE: without them no caller can be authenticated.',
    );
  }
  const keySet = setting('AUTH_JWKS');
  const verify = createTokenVerifier({
    issuer,
    audiences,
    userClaim: setting('AUTH_USER_CLAIM') ?? 'sub',
    scopePrefix: setting('AUTH_SCOPE_PREFIX') ?? '',
    keys: keySet === undefined ? publishedKeys(issuer) : givenKeys(keySet),
  });
  return byToken(verify);
}

/**
 * Lambda, and whatever emulates it, passes the address of its runtime API to every function, and those are
 * never open; serverless-offline has no such API.
 */
function isOpenLaptop(): boolean {
  return setting('AUTH_OPEN') === 'laptop' && setting('AWS_LAMBDA_RUNTIME_API') === undefined;
}
