import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';

/** What the guard checks; `path` as it was sent, including the query. */
export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * A name or an address with an optional port, and nothing else.
 * https://www.rfc-editor.org/rfc/rfc9110#section-7.2
 */
const hostHeader = /^(?<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const consolePath = /^\/console(?:[/?#]|$)/;

/**
 * Decides whether a request comes from a web page that has no business here: any page that a developer visits
 * can send requests to loopback. Programs send neither `Origin` nor `Sec-Fetch-Site`, so nothing changes
 * for them. https://www.w3.org/TR/fetch-metadata/
 * @param trustedOrigins origins besides the server's own that may send requests: `http://localhost:5173`
 * @returns why the request is refused, repeating nothing it sent; undefined when it may pass
 */
export function refusalOf(request: GuardedRequest, trustedOrigins: readonly string[]): string | undefined {
  const { host, origin } = request.headers;
  if (host !== undefined && !isTrustedHost(host, trustedOrigins)) {
    return 'The Host header does not name this machine: use localhost, or add the origin to OPENORDER_ORIGINS.';
  }
  if (origin !== undefined && trustedOrigins.includes(origin)) return undefined;
  if (opensConsole(request) || isSentFromHere(request.headers)) return undefined;
  return 'A page of another origin sent this request: add that origin to OPENORDER_ORIGINS to let it in.';
}

/** Sent by a program, by a page from this very server, or from the address bar. */
function isSentFromHere({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  const isOwnOrigin = origin === undefined || withoutScheme(origin) === host?.toLowerCase();
  return isOwnOrigin && (site === undefined || site === 'same-origin' || site === 'none');
}

/** DNS rebinding turns a name of the attacker's into 127.0.0.1, but the browser still sends that name. */
function isTrustedHost(host: string, trustedOrigins: readonly string[]): boolean {
  const name = hostHeader.exec(host)?.groups?.['name']?.toLowerCase().replace(/\.$/, '');
  // For example a port beyond 65535, which makes serverless-offline answer 500.
  if (name === undefined || !URL.canParse(`http://${host}`)) return false;
  return isLoopback(name) || trustedOrigins.some((origin) => new URL(origin).hostname === name);
}

/** https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopback(name: string): boolean {
  if (isIPv4(name)) return name.startsWith('127.');
  return name === '[::1]' || name === 'localhost' || name.endsWith('.localhost');
}

/** A link to the console, followed from anywhere: it shows a page and changes nothing. */
function opensConsole({ method, path, headers }: GuardedRequest): boolean {
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isNavigation && (method === 'GET' || method === 'HEAD') && consolePath.test(path);
}

function withoutScheme(origin: string): string {
  return origin.toLowerCase().replace(/^https?:\/\//, '');
}
