import type { JSONWebKeySet } from 'jose';
import { JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from 'jose/errors';
import { createLocalJWKSet } from 'jose/jwks/local';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import type { JWTVerifyGetKey } from 'jose/jwt/verify';
import { IssuerUnavailableError } from '../errors.ts';

/** How long a request waits for the issuer's configuration, and again for its keys. */
const timeoutMs = 3_000;

/** A withdrawn key is trusted for this long at most; API Gateway keeps keys for up to two hours. */
const keptMs = 60 * 60_000;

/** An issuer's keys, as given in a setting. */
export function givenKeys(keySet: JSONWebKeySet): JWTVerifyGetKey {
  return createLocalJWKSet(keySet);
}

/**
 * The keys an issuer publishes, found by OpenID Connect Discovery
 * (https://openid.net/specs/openid-connect-discovery-1_0.html) at the first token and cached. A token that
 * names an unknown key triggers another fetch, at most every 30 s, so keys may rotate.
 * @throws IssuerUnavailableError from the returned function, when the issuer does not answer
 */
export function publishedKeys(issuer: string): JWTVerifyGetKey {
  let discovery: Promise<JWTVerifyGetKey> | undefined;
  const discovered = () => {
    discovery ??= discover(issuer).catch((error: unknown) => {
      discovery = undefined; // the next request tries again
      throw error;
    });
    return discovery;
  };
  return async (header, token) => {
    try {
      const keys = await discovered();
      return await keys(header, token);
    } catch (error) {
      if (error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnavailableError(`The issuer ${issuer} does not provide its keys.`, { cause: error });
    }
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
  const { issuer: named, jwks_uri: keysAddress } = (await response.json()) as Record<string, unknown>;
  if (named !== issuer) throw new Error(`${address} describes the issuer ${String(named)}.`);
  return createRemoteJWKSet(new URL(String(keysAddress)), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: keptMs,
  });
}
