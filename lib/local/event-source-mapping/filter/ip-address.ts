import { isIPv6 } from 'node:net';

const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;

/** The bytes of an IPv4 or IPv6 address as 8 or 32 hexadecimal digits; undefined for any other text. */
export function hexOfAddress(text: string): string | undefined {
  if (ipv4.test(text)) return hexOfIpv4(text);
  return isIPv6(text) && !text.includes('.') && !text.includes('%') ? hexOfIpv6(text) : undefined;
}

function hexOfIpv4(text: string): string | undefined {
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes.map((byte) => hex(byte, 2)).join('') : undefined;
}

/** An IPv4-mapped address equals its IPv4 address: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2 */
const mappedPrefix = `${'0'.repeat(20)}ffff`;

function hexOfIpv6(text: string): string {
  const [head = [], tail = []] = text.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail].map((group) => hex(parseInt(group, 16), 4)).join('');
  return groups.startsWith(mappedPrefix) ? groups.slice(mappedPrefix.length) : groups;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * A test whether an address is in a range such as `10.0.0.0/24`; undefined when the text is not a range. A
 * range of a single address does not count as one:
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/CIDR.java
 */
export function parseAddressRange(text: string): ((hexAddress: string) => boolean) | undefined {
  const [, address = '', length = ''] = /^([^/]*)\/\+?(\d+)\/*$/.exec(text) ?? [];
  const start = hexOfAddress(address);
  const free = BigInt((start?.length ?? 0) * 4) - BigInt(length);
  if (start === undefined || free <= 0n) return undefined;
  const network = (hexAddress: string) => BigInt(`0x${hexAddress}`) >> free;
  return (hexAddress) => hexAddress.length === start.length && network(hexAddress) === network(start);
}
