import fc from 'fast-check';
import { isAllowedUrl, isPublicAddress } from './address.ts';

const privateIPv4 = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
];

const privateIPv6 = [
  '::',
  '::1',
  '::127.0.0.1', // IPv4-compatible
  '::ffff:127.0.0.1', // IPv4-mapped
  '::ffff:8.8.8.8',
  '::ffff:0:10.0.0.1', // IPv4-translated
  '64:ff9b::a00:1', // NAT64 of 10.0.0.1
  '64:ff9b:1::1', // local NAT64
  '100::1', // discard
  '2001::1', // Teredo
  '2001:2::1', // benchmarking
  '2001:10::1', // ORCHID
  '2001:20::1',
  '2001:db8::1', // documentation
  '2002:a00:1::', // 6to4 of 10.0.0.1
  '3fff::1', // documentation
  '5f00::1', // segment routing
  'fc00::1',
  'fd00:ec2::254', // instance metadata
  'fe80::1',
  'febf::1',
  'fec0::1', // site-local
  'ff02::1',
  '4000::1', // not assigned
];

const publicAddresses = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:800::200e',
];

describe('an IP address', () => {
  it.each([...privateIPv4, ...privateIPv6])('when it is %s, it is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(publicAddresses)('when it is %s, it is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each(['', 'shop.example', '127.1', '8.8.8.8.8', 'fe80::1%eth0'])(
    'when it is %j, which is not an address, it is not public',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );
});

/**
 * Other ways to write an IPv4 address, all of which a URL parser accepts.
 * https://url.spec.whatwg.org/#concept-ipv4-parser
 */
function spellings(address: string): string[] {
  const bytes = address.split('.').map(Number);
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const whole = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const mapped = `::ffff:${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${whole.toString(16)}`,
    `0${whole.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
    bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    `${first}.${(second * 256 + third) * 256 + fourth}`,
    address.replaceAll('.', '%2e'),
    address.replaceAll('.', '。'),
    `[${mapped}]`,
    `[::ffff:${address}]`,
  ];
}

describe('the URL of a webhook', () => {
  it.each(privateIPv4)('when its host is %s, however it is written, it is refused', (address) => {
    for (const host of spellings(address))
      expect([host, isAllowedUrl(`https://${host}/`, false)]).toEqual([host, false]);
  });

  it('when its host is any number of a private network, however it is written, it is refused', () => {
    const byte = fc.nat(255);
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127, 240, 255), byte, byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    );
    fc.assert(
      fc.property(inside, (bytes) =>
        spellings(bytes.join('.')).every((host) => !isAllowedUrl(`https://${host}/hook`, false)),
      ),
    );
  });

  it.each(privateIPv6)('when its host is [%s], it is refused', (address) => {
    expect(isAllowedUrl(`https://[${address}]/`, false)).toBe(false);
  });

  it.each([
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://app.localhost/',
    'https://kafka/',
    'https://printer.local/',
    'https://db.internal/',
    'https://db.internal./',
    'https://router.home.arpa/',
    'https://shop.example:8443/',
    'https://shop.example:80/',
    'https://user@shop.example/',
    'https://user:secret@shop.example/',
    'http://shop.example/',
    'ftp://shop.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'shop.example',
    '',
  ])('when it is %j, it is refused', (url) => {
    expect(isAllowedUrl(url, false)).toBe(false);
  });

  it.each([
    'https://shop.example/hook?a=b',
    'https://shop.example./hook',
    'https://shop.example:443/',
    'https://local.shop.example/',
    'https://상점.example/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('when it is %s, it is allowed', (url) => {
    expect(isAllowedUrl(url, false)).toBe(true);
  });

  it.each(['http://127.0.0.1:9001/hook', 'http://localhost/', 'https://localhost.:1/', 'http://[::1]:80/'])(
    'when it is %s, it is allowed only on a laptop',
    (url) => {
      expect([true, false].map((allowLoopback) => isAllowedUrl(url, allowLoopback))).toEqual([true, false]);
    },
  );

  it.each([
    'http://10.0.0.1/',
    'http://127.0.0.1.shop.example/',
    'http://169.254.169.254/',
    'http://0.0.0.0/',
  ])('when it is %s, it is refused on a laptop, too', (url) => {
    expect(isAllowedUrl(url, true)).toBe(false);
  });
});
