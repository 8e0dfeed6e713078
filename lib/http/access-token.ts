import type { JWTPayload } from 'jose';
import { JOSEError, JWTClaimValidationFailed, JWTExpired } from 'jose/errors';
import { jwtVerify, type JWTVerifyGetKey } from 'jose/jwt/verify';
import { TokenRefusedError } from '../errors.ts';

/** Whose tokens are accepted, and how to read them. */
export interface TokenRules {
  /** The `iss` of every token, compared literally. */
  readonly issuer: string;
  /** Accepted values of `aud`, or of `client_id` in a token without `aud`. */
  readonly audiences: readonly string[];
  /** The claim that holds the customer's number. */
  readonly userClaim: string;
  /** Removed from each scope; a scope without it belongs to another API and is ignored. */
  readonly scopePrefix: string;
  /** Finds the key that a token names. */
  readonly keys: JWTVerifyGetKey;
}

/** What a verified token says. */
export interface AccessToken {
  readonly subject: string;
  /** Undefined when the claim is missing or is not a user's number. */
  readonly userId: number | undefined;
  readonly scopes: ReadonlySet<string>;
}

/** How far the issuer's clock and ours may differ, in seconds. */
const clockToleranceSeconds = 30;

/**
 * Verifies a JWT access token by the rules that API Gateway's JWT authorizer applies
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html), and requires
 * `exp`, which it does not.
 * @throws TokenRefusedError whose message may be shown to the caller; whatever `keys` throws when the issuer
 *   cannot be reached
 */
export function createTokenVerifier(rules: TokenRules) {
  return async (token: string): Promise<AccessToken> => {
    const claims = await verifiedClaims(token, rules);
    requireAudience(claims, rules.audiences);
    requireIssuedBefore(claims, Date.now() / 1_000 + clockToleranceSeconds);
    return {
      subject: subjectOf(claims),
      userId: userIdOf(claims[rules.userClaim]),
      scopes: new Set(scopesOf(claims, rules.scopePrefix)),
    };
  };
}

async function verifiedClaims(token: string, { issuer, keys }: TokenRules): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'], // API Gateway accepts no other family; this rejects `none`, and HS256 with the public key
      issuer,
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (error instanceof JOSEError) throw new TokenRefusedError(reasonOf(error), { cause: error });
    throw error;
  }
}

function reasonOf(error: JOSEError): string {
  if (error instanceof JWTExpired) return 'The token has expired.';
  if (error instanceof JWTClaimValidationFailed) return `The claim ${error.claim} is not accepted.`;
  return 'The token is malformed, or the trusted issuer did not sign it.';
}

/** Cognito's access tokens name their client instead of an audience. */
function requireAudience({ aud, client_id: clientId }: JWTPayload, accepted: readonly string[]): void {
  const named = [aud ?? clientId].flat();
  if (named.some((one) => typeof one === 'string' && accepted.includes(one))) return;
  throw new TokenRefusedError('The token is meant for another audience.');
}

function requireIssuedBefore({ iat }: JWTPayload, latest: number): void {
  if (iat !== undefined && iat > latest) throw new TokenRefusedError('The claim iat is not accepted.');
}

/** A string by https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2; some issuers write a number. */
function subjectOf({ sub }: { readonly sub?: unknown }): string {
  if (sub === undefined || sub === null) return 'unknown';
  if (typeof sub === 'string' || typeof sub === 'number') return String(sub);
  throw new TokenRefusedError('The claim sub is not accepted.');
}

/** A user's number, as a number or as digits, from 1 to 2^53-1. */
function userIdOf(claim: unknown): number | undefined {
  if (typeof claim !== 'string' && typeof claim !== 'number') return undefined;
  if (!/^[1-9]\d{0,15}$/.test(String(claim))) return undefined;
  const userId = Number(claim);
  return Number.isSafeInteger(userId) ? userId : undefined;
}

/**
 * `scope` is a space-separated string (https://www.rfc-editor.org/rfc/rfc8693#section-4.2); `scp`, of Okta and
 * Entra, is a string or a list.
 */
function scopesOf({ scope, scp }: JWTPayload, prefix: string): string[] {
  const texts = [scope, scp].flat().filter((part): part is string => typeof part === 'string');
  return texts
    .flatMap((text) => text.split(' '))
    .filter((one) => one.startsWith(prefix))
    .map((one) => one.slice(prefix.length));
}
