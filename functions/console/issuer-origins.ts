/** How long the page may wait for the issuer, in ms; without an answer it is served anyway. */
const patienceMs = 2_000;

/** How long an issuer's configuration is kept, and how long a failure to read it, in ms. */
const keptMs = 60 * 60_000;
const failureKeptMs = 60_000;

/**
 * The endpoints that a sign-in in the browser uses. Amazon Cognito, for one, has them on a different host
 * than its issuer. https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
const endpoints = ['authorization_endpoint', 'token_endpoint', 'end_session_endpoint'] as const;

/**
 * The origins that the console's page may call to sign people in: the issuer's, and those of the endpoints
 * that its discovery document names. If the issuer does not answer, only its own; the next page a minute
 * later tries again.
 */
export function discoveredOrigins(issuer: string, now: () => number = Date.now) {
  let kept: readonly string[] = [];
  let freshUntil = -Infinity;
  return async (): Promise<readonly string[]> => {
    if (now() < freshUntil) return kept;
    const discovered = await discover(issuer);
    kept = discovered ?? (kept.length > 0 ? kept : [new URL(issuer).origin]);
    freshUntil = now() + (discovered ? keptMs : failureKeptMs);
    return kept;
  };
}

/** Undefined when the issuer does not respond, or with another issuer's document. */
async function discover(issuer: string): Promise<readonly string[] | undefined> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
    const document = (await response.json()) as Readonly<Record<string, unknown>>;
    return response.ok && document['issuer'] === issuer ? originsOf(issuer, document) : undefined;
  } catch {
    return undefined;
  }
}

function originsOf(issuer: string, document: Readonly<Record<string, unknown>>): readonly string[] {
  const origins = endpoints.flatMap((name) => originOf(document[name]));
  return [...new Set([new URL(issuer).origin, ...origins])];
}

/** None for what is not a web address: it would widen the policy, or break it. */
function originOf(endpoint: unknown): string[] {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return [];
  const { origin, protocol } = new URL(endpoint);
  return protocol === 'https:' || protocol === 'http:' ? [origin] : [];
}
