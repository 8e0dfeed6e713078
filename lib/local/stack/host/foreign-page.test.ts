import type { IncomingHttpHeaders } from 'node:http';
import { refusalOf } from './foreign-page.ts';

const own = { host: 'localhost:8080' };
const verdict = (headers: IncomingHttpHeaders, path = '/api/orders', method = 'GET') =>
  refusalOf({ method, path, headers }, ['http://localhost:5173', 'http://shop.test:3000'])
    ? 'refused'
    : 'passes';
const navigation = { ...own, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const link = { ...navigation, 'sec-fetch-site': 'cross-site' };

describe('the guard against foreign web pages', () => {
  it.each([
    ['localhost', 'passes'],
    ['LOCALHOST:8080', 'passes'],
    ['localhost.:8080', 'passes'],
    ['console.localhost:8080', 'passes'],
    ['127.0.0.1:8080', 'passes'],
    ['127.8.9.10', 'passes'],
    ['[::1]:8080', 'passes'],
    ['shop.test:8080', 'passes'],
    ['evil.example', 'refused'],
    ['localhost.evil.example:8080', 'refused'],
    ['127.0.0.1.evil.example', 'refused'],
    ['notlocalhost', 'refused'],
    ['192.168.0.7:8080', 'refused'],
    ['0.0.0.0:8080', 'refused'],
    ['[::ffff:192.168.0.7]:8080', 'refused'],
    ['evil.example@localhost', 'refused'],
    ['localhost:8080/evil.example', 'refused'],
    ['localhost evil.example', 'refused'],
    ['localhost:8080:80', 'refused'],
    ['localhost:99999', 'refused'],
    ['[', 'refused'],
    ['', 'refused'],
  ])('when Host is "%s", it %s', (host, expected) => {
    expect(verdict({ host })).toBe(expected);
  });

  it('when a program sends no browser headers, it passes, even without Host', () => {
    expect(verdict({ ...own, 'user-agent': 'curl/8.0' }, '/api/orders', 'POST')).toBe('passes');
    expect(verdict({})).toBe('passes');
  });

  it.each([
    ['http://localhost:8080', 'passes'],
    ['https://localhost:8080', 'passes'],
    ['http://localhost:5173', 'passes'],
    ['http://localhost:3000', 'refused'],
    ['http://127.0.0.1:8080', 'refused'],
    ['http://localhost', 'refused'],
    ['https://evil.example', 'refused'],
    ['http://localhost:8080.evil.example', 'refused'],
    ['null', 'refused'],
    ['', 'refused'],
  ])('when Origin is "%s", it %s', (origin, expected) => {
    expect(verdict({ ...own, origin }, '/api/orders', 'POST')).toBe(expected);
    expect(verdict({ ...own, origin }, '/api/orders', 'OPTIONS')).toBe(expected);
  });

  it.each([
    ['same-origin', 'passes'],
    ['none', 'passes'],
    ['same-site', 'refused'],
    ['cross-site', 'refused'],
    ['none, cross-site', 'refused'],
  ])('when the browser says that the request is %s, it %s', (site, expected) => {
    expect(verdict({ ...own, 'sec-fetch-site': site })).toBe(expected);
  });

  it('when an origin is trusted, the site the browser derives from it does not matter', () => {
    expect(verdict({ ...own, origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' })).toBe(
      'passes',
    );
  });

  it("when it claims the server's own origin but the browser says otherwise, it is refused", () => {
    expect(verdict({ ...own, origin: 'http://localhost:8080', 'sec-fetch-site': 'cross-site' })).toBe(
      'refused',
    );
  });

  it.each(['/console', '/console/', '/console?x=1', '/console/orders/7'])(
    'when a link on another site leads to %s, it passes',
    (path) => {
      expect(verdict(link, path)).toBe('passes');
    },
  );

  it.each<[string, IncomingHttpHeaders, string, string]>([
    ['a link to data', link, '/api/orders', 'GET'],
    ['a link to a path with the same beginning', link, '/consoles', 'GET'],
    ['a form that posts', { ...link, origin: 'https://evil.example' }, '/console', 'POST'],
    ['a frame', { ...link, 'sec-fetch-dest': 'iframe' }, '/console', 'GET'],
    [
      'a script that fetches',
      { ...link, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      '/console',
      'GET',
    ],
    ['a rebound name', { ...link, host: 'evil.example' }, '/console', 'GET'],
  ])('when the console is reached by %s, it is refused', (_, headers, path, method) => {
    expect(verdict(headers, path, method)).toBe('refused');
  });

  it('when a request is refused, the reason repeats nothing that was sent', () => {
    const reason = refusalOf(
      { method: 'GET', path: '/evil', headers: { ...own, origin: 'https://evil.example' } },
      [],
    );
    expect(reason).not.toMatch(/evil/);
  });
});
