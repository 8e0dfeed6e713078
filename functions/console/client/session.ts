import { signal } from '@preact/signals';
import { texts } from './i18n/index.ts';
import { replaceAddress } from './router.ts';
import { stageSettings } from './settings.ts';
import { developer, visitorOf, type Visitor } from './visitor.ts';

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

/** This tab's token; gone when the tab is closed. */
const session = signal(stored(sessionKey) as Session | undefined);

/** Why the last attempt to sign in failed. */
export const signInFailure = signal<string | undefined>(undefined);

/** The bearer token to send; undefined without sign-in, or before it. */
export function accessToken(): string | undefined {
  const current = session.value;
  return current && current.expiresAt > Date.now() ? current.accessToken : undefined;
}

/** Whether the visitor has to sign in before there is anything to see. */
export function mustSignIn(): boolean {
  return stageSettings().signIn !== undefined && accessToken() === undefined;
}

/** Who is visiting, according to the token. */
export function visitor(): Visitor {
  const { signIn: issuer } = stageSettings();
  const token = accessToken();
  return issuer && token !== undefined ? visitorOf(token, issuer) : developer;
}

/** Pages that are also for customers, who see their own orders there. */
const customerPages: readonly string[] = ['', 'orders'];

/** Whether the visitor may see a page, by the first part of its path. */
export function mayOpen(page: string): boolean {
  const { isOperator, userId } = visitor();
  return isOperator || (userId !== undefined && customerPages.includes(page));
}

export function forgetSession(): void {
  sessionStorage.removeItem(sessionKey);
  session.value = undefined;
}

/** Of these the issuer grants what the person may have: https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
const wantedScopes = ['customer', 'operator:read', 'operator:write'];

/** Goes to the issuer, which sends the browser back to `/console` with a code. */
export async function signIn(): Promise<void> {
  const { signIn: issuer } = stageSettings();
  if (!issuer) return;
  const request = { state: randomText(), verifier: randomText(), returnTo: location.href };
  sessionStorage.setItem(requestKey, JSON.stringify(request));
  const { authorization_endpoint: endpoint } = await endpointsOf(issuer.issuer);
  const scopes = wantedScopes.map((scope) => issuer.scopePrefix + scope);
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

/**
 * Completes a sign-in, when the issuer has just sent the browser back with a code or an error. A failure is
 * shown, not thrown.
 */
export async function completeSignIn(): Promise<void> {
  scheduleEnd();
  const answer = new URLSearchParams(location.search);
  const request = stored(requestKey) as Request | undefined;
  if (!request || request.state !== answer.get('state')) return;
  sessionStorage.removeItem(requestKey);
  replaceAddress(request.returnTo);
  try {
    keep(await redeem(answer, request));
  } catch (error) {
    signInFailure.value = texts.value.failed(error instanceof Error ? error.message : String(error));
  }
}

/** Exchanges the code for a token. @throws Error with the issuer's message, when there is none */
async function redeem(answer: URLSearchParams, request: Request): Promise<TokenAnswer> {
  const { signIn: issuer } = stageSettings();
  const code = answer.get('code');
  if (!issuer || code === null) throw new Error(answer.get('error_description') ?? answer.get('error') ?? '');
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
  if (!response.ok) throw new Error(`${endpoint}: ${response.status}`);
  return (await response.json()) as TokenAnswer;
}

interface TokenAnswer {
  readonly access_token: string;
  /** In seconds. */
  readonly expires_in?: number;
}

function keep({ access_token: token, expires_in: seconds = 3_600 }: TokenAnswer): void {
  session.value = { accessToken: token, expiresAt: Date.now() + seconds * 1_000 };
  sessionStorage.setItem(sessionKey, JSON.stringify(session.value));
  scheduleEnd();
}

/**
 * The longest that a browser's timer can wait, in ms: 24 days.
 * https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html
 */
const longestTimerMs = 2 ** 31 - 1;

/** Asks to sign in again once the token has expired, before a request fails because of it. */
function scheduleEnd(): void {
  if (!session.value) return;
  const remainingMs = Math.max(0, session.value.expiresAt - Date.now());
  if (remainingMs < longestTimerMs) setTimeout(forgetSession, remainingMs);
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
