import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer's key pair, and the part that it publishes. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly published: JWK;
}

/** A new RSA key pair. */
export async function signingKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const published = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { privateKey, publicKey, published };
}

export const trusted = { issuer: 'https://issuer.example', audience: 'openorder' };

/** The time this many seconds from now, as in tokens. */
export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

/**
 * A customer's token for these settings, valid for five minutes; `claims` replace those of a valid token, and
 * undefined removes one.
 */
export async function signedToken(key: SigningKey, claims: JWTPayload = {}): Promise<string> {
  const good = {
    iss: trusted.issuer,
    aud: trusted.audience,
    sub: '42',
    scope: 'customer',
    iat: secondsFromNow(0),
    exp: secondsFromNow(300),
  };
  return await new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: String(key.published.kid) })
    .sign(key.privateKey);
}
