import { createHash, randomBytes } from 'node:crypto';
import type { Person } from './token.ts';

/**
 * A client's request when it sends a browser to the sign-in page.
 * https://www.rfc-editor.org/rfc/rfc7636#section-4.3
 */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
}

/** A person who has signed in, and the request they signed in for. */
export interface Grant {
  readonly person: Person;
  readonly request: AuthorizationRequest;
}

/** Codes pass through the browser's address bar, so they are short-lived. In ms. */
const codeLifetimeMs = 60_000;

/**
 * @returns the request, or a sentence that says what is wrong with it; nothing is ever sent to an address on
 *   another machine
 */
export function readAuthorizationRequest(
  parameters: URLSearchParams,
  clientId: string,
): AuthorizationRequest | string {
  const text = (name: string) => parameters.get(name) ?? '';
  if (text('client_id') !== clientId) return `client_id must be ${clientId}.`;
  if (!isLoopbackUrl(text('redirect_uri'))) return 'redirect_uri must be an address on this machine.';
  if (text('response_type') !== 'code') return 'response_type must be code.';
  if (text('code_challenge_method') !== 'S256') return 'code_challenge_method must be S256.';
  if (!/^[\w-]{43}$/.test(text('code_challenge'))) return 'code_challenge must be a SHA-256 in base64url.';
  return {
    clientId,
    redirectUri: text('redirect_uri'),
    codeChallenge: text('code_challenge'),
    scope: text('scope'),
    state: parameters.get('state') ?? undefined,
    nonce: parameters.get('nonce') ?? undefined,
  };
}

/** https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */
function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, hash, username } = new URL(text);
  return (
    protocol === 'http:' &&
    /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) &&
    hash === '' &&
    username === ''
  );
}

/** Codes that were issued and not yet exchanged for a token. */
export class Codes {
  readonly #grants = new Map<string, Grant & { readonly expiresAt: number }>();

  /** @returns a code that can be redeemed once, within a minute */
  issue(grant: Grant): string {
    const now = Date.now();
    for (const [code, { expiresAt }] of this.#grants) if (expiresAt <= now) this.#grants.delete(code);
    const code = randomBytes(32).toString('base64url');
    this.#grants.set(code, { ...grant, expiresAt: now + codeLifetimeMs });
    return code;
  }

  /**
   * @returns the grant behind a code, if the client that redeems it knows the verifier; a code is good for
   * one
   *   attempt
   */
  redeem(parameters: URLSearchParams): Grant | undefined {
    const code = parameters.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    if (!grant || grant.expiresAt <= Date.now()) return undefined;
    const { clientId, redirectUri, codeChallenge } = grant.request;
    const verifier = parameters.get('code_verifier') ?? '';
    const isSameClient =
      parameters.get('client_id') === clientId && parameters.get('redirect_uri') === redirectUri;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    return isSameClient && challenge === codeChallenge ? grant : undefined;
  }
}
