/** Who is using the console, which decides what is shown; the API makes its own decisions. */
export interface Visitor {
  readonly isOperator: boolean;
  /** Whether there is anything that they may change. */
  readonly mayChange: boolean;
  /** A customer's own number. */
  readonly userId?: number;
}

/** How to read a stage's tokens. */
export interface TokenForm {
  readonly scopePrefix: string;
  readonly userClaim: string;
}

/** Someone who may see everything: the developer of a laptop. */
export const developer: Visitor = { isOperator: true, mayChange: true };

/**
 * Reads an access token without verifying it, which only the API has to. A token that is not a JWT says
 * nothing, so its visitor is shown everything, and the API refuses what is not theirs.
 * https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function visitorOf(token: string, { scopePrefix, userClaim }: TokenForm): Visitor {
  const claims = claimsOf(token);
  if (claims === undefined) return developer;
  const scopes = scopesOf(claims);
  const userId = Number(claims[userClaim]);
  const has = (scope: string) => scopes.includes(scopePrefix + scope);
  return {
    isOperator: has('operator:read'),
    mayChange: has('operator:write') || has('customer'),
    ...(has('customer') && Number.isSafeInteger(userId) && { userId }),
  };
}

type Claims = Readonly<Record<string, unknown>>;

function claimsOf(token: string): Claims | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return undefined;
  }
}

/** Issuers write them as one string in `scope`, or as a string or a list in `scp`. */
function scopesOf({ scope, scp }: Claims): readonly unknown[] {
  const scopes = scope ?? scp;
  if (Array.isArray(scopes)) return scopes;
  return typeof scopes === 'string' ? scopes.split(' ') : [];
}
