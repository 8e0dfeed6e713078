import type { LookupAddress } from 'node:dns';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowedUrl, isLoopback, isPublicAddress } from '../address.ts';
import {
  NotificationAddressGoneError,
  NotificationDeferredError,
  NotificationRefusedError,
  NotificationUnreachableError,
} from '../errors.ts';
import { hostNameOf } from '../host.ts';

/** What is posted, and when to give up. */
interface Post {
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Statuses by which the address says that it is permanently gone. */
  readonly gone: readonly number[];
  readonly signal: AbortSignal;
}

/**
 * Posts to a customer's address and returns the headers of a 2xx response.
 * @throws NotificationUnreachableError when nobody answers, for whatever reason: a closed port and a private
 * network must look the same
 * @throws NotificationDeferredError for 408, 425, 429 and 5xx
 * @throws NotificationAddressGoneError for the statuses in `gone`
 * @throws NotificationRefusedError for any other response; a redirect is one, since it could lead anywhere
 */
export type PostToAddress = (address: string, post: Post) => Promise<IncomingHttpHeaders>;

interface Dependencies {
  /** The IP addresses of a host name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Whether a customer's address may be on this machine. */
  readonly allowLoopback: boolean;
}

/**
 * 4xx statuses that may be temporary: request timeout, too early, too many requests.
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.5
 */
const temporary = new Set([408, 425, 429]);

/**
 * The only way to a customer's address: it is checked when something is sent, and the connection goes to the
 * address that was checked.
 */
export function createPostToAddress(dependencies: Dependencies): PostToAddress {
  return async (address, post) => {
    const { status, headers } = await exchange(address, post, dependencies).catch((cause: unknown) => {
      throw new NotificationUnreachableError('The address cannot be reached.', { cause });
    });
    if (status >= 200 && status < 300) return headers;
    const message = `The address answered ${status}.`;
    if (post.gone.includes(status)) throw new NotificationAddressGoneError(message);
    if (status >= 500 || temporary.has(status)) throw new NotificationDeferredError(message);
    throw new NotificationRefusedError(message);
  };
}

async function exchange(address: string, post: Post, dependencies: Dependencies) {
  if (!isAllowedUrl(address, dependencies.allowLoopback)) throw new Error('the URL is not allowed');
  const url = new URL(address);
  const addresses = await addressesOf(url, dependencies);
  post.signal.throwIfAborted();
  return request(url, addresses, post);
}

/** The addresses that an allowed URL may be connected to. */
async function addressesOf(url: URL, { resolve }: Dependencies): Promise<readonly string[]> {
  const name = hostNameOf(url);
  if (isIP(name) !== 0) return [name];
  if (isLoopback(url)) return ['127.0.0.1', '::1'];
  const addresses = await resolve(name);
  if (addresses.length > 0 && addresses.every(isPublicAddress)) return addresses;
  throw new Error('the name does not resolve to public addresses');
}

function request(url: URL, addresses: readonly string[], { body, headers, signal }: Post) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    headers: IncomingHttpHeaders;
  }>();
  const options = {
    method: 'POST',
    hostname: hostNameOf(url),
    lookup: lookupIn(addresses),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // Its own connection: a kept one could be used after the name has moved elsewhere.
    agent: false,
    signal,
  } as const;
  (url.protocol === 'https:' ? https : http)
    .request(url, options, (response) => {
      // Only the head matters, and the body may never end.
      response.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    })
    .on('error', reject)
    .end(body);
  return promise;
}

/** Resolves to the addresses that were checked, so that a name cannot resolve to another one in between. */
function lookupIn(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address): LookupAddress => ({ address, family: isIP(address) }));
  return (_name, { all }, callback) => {
    const [first] = found;
    if (all || !first) callback(null, found);
    else callback(null, first.address, first.family);
  };
}
