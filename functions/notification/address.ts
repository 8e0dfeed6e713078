import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { hostNameOf } from './host.ts';

/**
 * Names that mean this machine; the URL parser has already turned `127.1` or `0x7f000001` into `127.0.0.1`.
 */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Names that only a private network resolves: RFC 6761, RFC 6762, RFC 8375, and ICANN's reservation of
 * `.internal`.
 */
const privateName = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * Whitespace, control characters and unpaired surrogates. URLs contain none, and the parser drops or replaces
 * them: what is stored would not be what is called, and PostgreSQL cannot store NUL.
 */
const oddCharacter = /[\s\p{Cc}\p{Cs}]/u;

/** All of IPv6 that is routed on the internet. https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether a webhook or a push endpoint may have this URL: https on port 443 of a public host, without
 * credentials. A name that passes may still resolve to a private address, so `isPublicAddress` has to check
 * what it resolves to each time something is sent.
 * @param allowLoopback whether it may also be http or another port on this machine
 */
export function isAllowedUrl(text: string, allowLoopback: boolean): boolean {
  if (!isUrl(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return false;
  if (isLoopback(url)) return allowLoopback && /^https?:$/.test(url.protocol);
  return url.protocol === 'https:' && url.port === '' && isPublicHost(hostNameOf(url));
}

function isUrl(text: string): boolean {
  return !oddCharacter.test(text) && URL.canParse(text);
}

/** Whether the URL names this machine. */
export function isLoopback(url: URL): boolean {
  return loopback.test(hostNameOf(url));
}

/**
 * Whether an IP address is routed on the internet. Addresses that carry another one (IPv4-mapped, NAT64,
 * 6to4, Teredo) are not public: their translator may be inside the network.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  return address.range() === 'unicast' && (!isIPv6(address) || address.match(globalUnicast));
}

function isPublicHost(name: string): boolean {
  if (isIP(name) !== 0) return isPublicAddress(name);
  return name.includes('.') && !privateName.test(name);
}

function isIPv6(address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}
