import { gzipSync, brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { environment } from '../../test/support/environment.ts';

environment();
process.env['STAGE'] = 'test';
const { serveConsole } = await import('./console.ts');

const asset = (name: string, text: string) => ({
  name,
  brotli: brotliCompressSync(text).toString('base64'),
  gzip: gzipSync(text).toString('base64'),
});
const settings = { stage: 'test', hasInbox: false };
const dependencies = {
  script: asset('console-abc.js', 'run()'),
  style: asset('console-def.css', 'body{}'),
  settings,
};
const serve = serveConsole(dependencies);
const get = (rawPath: string, encoding?: string) =>
  serve({ rawPath, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });

describe('the console', () => {
  it.each(['/console', '/console/', '/console/orders/1', '/console/topics/order.created/0/7'])(
    'when %s is asked for, answers the page, which names its script, style and icon and has no script inline',
    (path) => {
      const { statusCode, headers, body } = get(path);
      expect({ statusCode, type: headers?.['content-type'] }).toEqual({
        statusCode: 200,
        type: 'text/html; charset=utf-8',
      });
      expect(body).toContain('src="/console/console-abc.js"></script>');
      expect(body).toContain('href="/console/console-def.css"');
      expect(body).toContain('href="/console/icon.svg"');
      expect(headers?.['content-security-policy']).toContain("script-src 'self';");
    },
  );

  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ])(
    'when the client accepts %s, sends the script as %s, to be kept for good',
    (accepted, sent, decompress) => {
      const { body = '', headers, isBase64Encoded } = get('/console/console-abc.js', accepted);
      expect(isBase64Encoded).toBe(true);
      expect(headers).toMatchObject({
        'content-encoding': sent,
        'cache-control': expect.stringContaining('immutable') as string,
        'content-type': 'text/javascript; charset=utf-8',
      });
      expect(decompress(Buffer.from(body, 'base64')).toString()).toBe('run()');
    },
  );

  it('when the client accepts no encoding, sends text', () => {
    expect(get('/console/console-def.css')).toMatchObject({ body: 'body{}' });
  });

  it('when somebody signs in, the page may call the issuer and nobody else', () => {
    const signIn = {
      issuer: 'https://issuer.example/pool',
      clientId: 'console',
      scopePrefix: '',
      userClaim: 'sub',
    };
    const guarded = serveConsole({ ...dependencies, settings: { ...settings, signIn } });
    const { headers } = guarded({ rawPath: '/console', headers: {} });
    expect(headers?.['content-security-policy']).toContain("connect-src 'self' https://issuer.example;");
  });

  it('when its settings are asked for, says what the stage is', () => {
    expect(JSON.parse(get('/console/settings.json').body ?? '')).toEqual(settings);
  });
});
