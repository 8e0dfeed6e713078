import { signal } from '@preact/signals';
import { stageSettings } from './settings.ts';

/** OAuth 2.0 code flow with PKCE for a public client: https://www.rfc-editor.org/rfc/rfc7636 */

interface Session {
  readonly accessToken: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

interface Request {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
}

const sessionKey = 'openorder.session';
const requestKey = 'openorder.sign-in';

/** The token of this tab; gone when the tab is closed. */
const session = signal(stored(sessionKey) as Session | undefined);

/** The bearer token to send; undefined where nobody signs in, or nobody has. */
export function accessToken(): string | undefined {
  const current = session.value;
  return current && current.expiresAt > Date.now() ? current.accessToken : undefined;
}

/** Whether a person has to sign in before there is anything to see. */
export function mustSignIn(): boolean {
  return stageSettings().signIn !== undefined && accessToken() === undefined;
}

export function forgetSession(): void {
  sessionStorage.removeItem(sessionKey);
  session.value = undefined;
}

/** Leaves for the issuer, which sends the browser back to `/console` with a code. */
export async function signIn(): Promise<void> {
  const { signIn: issuer } = stageSettings();
  if (!issuer) return;
  const request = { state: randomText(), verifier: randomText(), returnTo: location.href };
  sessionStorage.setItem(requestKey, JSON.stringify(request));
  const { authorization_endpoint: endpoint } = await endpointsOf(issuer.issuer);
  const scopes = ['operator:read', 'operator:write'].map((scope) => issuer.scopePrefix + scope);
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: issuer.clientId,
    redirect_uri: redirectUri(),
    scope: ['openid', ...scopes].join(' '),
    state: request.state,
    code_challenge: await challengeOf(request.verifier),
    code_challenge_method: 'S256',
  }).toString();
  location.assign(url);
}

/** Trades the code in the address for a token, when the issuer has just sent the browser back. */
export async function completeSignIn(): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get('code');
  const request = stored(requestKey) as Request | undefined;
  const { signIn: issuer } = stageSettings();
  if (code === null || !issuer || request?.state !== parameters.get('state')) return;
  sessionStorage.removeItem(requestKey);
  const { token_endpoint: endpoint } = await endpointsOf(issuer.issuer);
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: issuer.clientId,
      redirect_uri: redirectUri(),
      code,
      code_verifier: request.verifier,
    }),
  });
  if (response.ok) keep((await response.json()) as TokenAnswer);
  history.replaceState(null, '', request.returnTo);
}

interface TokenAnswer {
  readonly access_token: string;
  /** In seconds. */
  readonly expires_in?: number;
}

function keep({ access_token: token, expires_in: seconds = 3_600 }: TokenAnswer): void {
  session.value = { accessToken: token, expiresAt: Date.now() + seconds * 1_000 };
  sessionStorage.setItem(sessionKey, JSON.stringify(session.value));
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function endpointsOf(issuer: string): Promise<Endpoints> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  return (await response.json()) as Endpoints;
}

function redirectUri(): string {
  return `${location.origin}/console`;
}

function stored(key: string): unknown {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : JSON.parse(text);
}

function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
