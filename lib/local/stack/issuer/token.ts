import { type JWTPayload, SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';

/** Someone for whom the local issuer issues tokens. */
export interface Person {
  /** The token's `sub`: a customer's number, or an operator's name. */
  readonly subject: string;
  readonly scope: string;
}

/** A customer by number. */
export function customer(userId: number): Person {
  return { subject: String(userId), scope: 'customer' };
}

/** An operator who may read and write. */
export const operator: Person = { subject: 'operator', scope: 'operator:read operator:write' };

/** How long a token is valid by default, in seconds: a working day. */
export const lifetimeSeconds = 8 * 60 * 60;

/**
 * Signs a token of the local issuer, as any OpenID provider does; a negative lifetime makes an expired one.
 */
export async function signToken(
  { kid, privateKey }: SigningKey,
  claims: JWTPayload,
  expiresInSeconds = lifetimeSeconds,
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return await new SignJWT({ iat: now, exp: now + expiresInSeconds, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .sign(privateKey);
}
