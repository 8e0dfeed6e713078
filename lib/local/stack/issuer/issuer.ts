import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { refusalOf } from '../host/foreign-page.ts';
import { loopback, requireFreePort } from '../ports.ts';
import { type AuthorizationRequest, Codes, type Grant, readAuthorizationRequest } from './authorization.ts';
import { audience, consoleClientId, issuerUrl } from './callers.ts';
import { pagePolicy, refusalPage, signInPage } from './sign-in-page.ts';
import { loadSigningKey, type SigningKey } from './signing-key.ts';
import { customer, lifetimeSeconds, operator, type Person, signToken } from './token.ts';

/** An OpenID provider on this machine. */
export interface RunningIssuer {
  readonly issuer: string;
  readonly stop: () => Promise<void>;
}

interface IssuerOptions {
  readonly port: number;
  /** Where its key is kept. */
  readonly dataDirectory: string;
  /** Origins of web pages that may fetch tokens. */
  readonly trustedOrigins: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Starts an OpenID provider in this process, on the loopback interface: discovery, keys, a sign-in page
 * without a password, and tokens by authorization code with PKCE. It does not keep the process alive.
 * @throws StackError `PORT_TAKEN`
 */
export async function startIssuer({
  port,
  dataDirectory,
  trustedOrigins,
}: IssuerOptions): Promise<RunningIssuer> {
  await requireFreePort(port, 'the local issuer of tokens', 'AUTH_PORT');
  const issuer = issuerUrl(port);
  const answer = createRoutes(issuer, await loadSigningKey(dataDirectory));
  const server = createServer((request, response) => {
    respond(request, response, answer, trustedOrigins).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(port, loopback);
  await once(server, 'listening');
  server.unref();
  return {
    issuer,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Routes = (method: string, url: URL, form: URLSearchParams) => Promise<Answer>;

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Routes,
  trustedOrigins: readonly string[],
): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  // Any page may link to the sign-in page, which does nothing on its own.
  const seen = method === 'GET' && path.startsWith('/authorize?') ? { host: headers.host } : headers;
  const refusal = refusalOf({ method, path, headers: seen }, trustedOrigins);
  const answer = refusal === undefined ? await answerOf(request, routes) : json(403, { error: refusal });
  const { origin = '' } = headers;
  const shared = trustedOrigins.includes(origin) && { 'access-control-allow-origin': origin, vary: 'Origin' };
  response.writeHead(answer.status, { 'cache-control': 'no-store', ...answer.headers, ...shared });
  response.end(answer.body);
}

async function answerOf(request: IncomingMessage, routes: Routes): Promise<Answer> {
  const base = 'http://issuer';
  if (!URL.canParse(request.url ?? '', base)) return json(404, { error: 'not_found' });
  const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '');
  return await routes(request.method ?? '', new URL(request.url ?? '', base), form);
}

function createRoutes(issuer: string, key: SigningKey): Routes {
  const codes = new Codes();
  return async (method, url, form) => {
    switch (`${method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return json(200, configuration(issuer));
      case 'GET /jwks':
        return json(200, { keys: [key.publicKey] });
      case 'GET /authorize':
      case 'POST /authorize':
        return authorize(codes, issuer, url, form);
      case 'POST /token':
        return await exchange(form, codes, issuer, key);
      default:
        return json(404, { error: 'not_found' });
    }
  };
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
function configuration(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'customer', 'operator:read', 'operator:write'],
    authorization_response_iss_parameter_supported: true,
  };
}

function authorize(codes: Codes, issuer: string, { searchParams }: URL, form: URLSearchParams): Answer {
  const request = readAuthorizationRequest(searchParams, consoleClientId);
  if (typeof request === 'string') return html(400, refusalPage(request));
  const person = personOf(form);
  if (!person) return html(200, signInPage(searchParams.toString()));
  return redirect(request, codes.issue({ person, request }), issuer);
}

function personOf(form: URLSearchParams): Person | undefined {
  const user = form.get('user') ?? '';
  if (form.get('as') === 'operator') return operator;
  return form.get('as') === 'customer' && /^[1-9]\d{0,15}$/.test(user) ? customer(Number(user)) : undefined;
}

/** https://www.rfc-editor.org/rfc/rfc9207 asks for `iss`. */
function redirect({ redirectUri, state }: AuthorizationRequest, code: string, issuer: string): Answer {
  const location = new URL(redirectUri);
  const answer = { code, iss: issuer, ...(state !== undefined && { state }) };
  for (const [name, value] of Object.entries(answer)) location.searchParams.set(name, value);
  return { status: 303, headers: { location: location.href }, body: '' };
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 */
async function exchange(
  form: URLSearchParams,
  codes: Codes,
  issuer: string,
  key: SigningKey,
): Promise<Answer> {
  if (form.get('grant_type') !== 'authorization_code') return json(400, { error: 'unsupported_grant_type' });
  const grant = codes.redeem(form);
  return grant ? json(200, await tokensFor(grant, issuer, key)) : json(400, { error: 'invalid_grant' });
}

async function tokensFor({ person, request }: Grant, issuer: string, key: SigningKey) {
  const { clientId, scope, nonce } = request;
  const who = { iss: issuer, sub: person.subject };
  const isOpenId = scope.split(' ').includes('openid');
  return {
    access_token: await signToken(key, { ...who, aud: audience, client_id: clientId, scope: person.scope }),
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    scope: person.scope,
    ...(isOpenId && { id_token: await signToken(key, { ...who, aud: clientId, nonce }) }),
  };
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function html(status: number, body: string): Answer {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy };
  return { status, headers, body };
}
