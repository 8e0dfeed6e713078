import { gzipSync, brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { environment } from '../../test/support/environment.ts';

environment();
process.env['STAGE'] = 'test';
const { serveConsole } = await import('./console.ts');
const { signInOrigins } = await import('./settings.ts');

const asset = (name: string, text: string) => ({
  name,
  brotli: brotliCompressSync(text).toString('base64'),
  gzip: gzipSync(text).toString('base64'),
});
const settings = { stage: 'test', hasInbox: false };
const dependencies = {
  script: asset('console-abc.js', 'run()'),
  style: asset('console-def.css', 'body{}'),
  dictionaries: [asset('console-ko-ghi.js', 'export {}')],
  settings,
  origins: () => Promise.resolve<readonly string[]>([]),
};
const serve = serveConsole(dependencies);
const get = (rawPath: string, encoding?: string) =>
  serve({ rawPath, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });

describe('the console', () => {
  it.each(['/console', '/console/', '/console/orders/1', '/console/topics/order.created/0/7'])(
    'when %s is requested, answers the page, which names its script, style and icon and has no inline script',
    async (path) => {
      const { statusCode, headers, body } = await get(path);
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
    'when the client accepts %s, sends the script as %s, to be cached forever',
    async (accepted, sent, decompress) => {
      const { body = '', headers, isBase64Encoded } = await get('/console/console-abc.js', accepted);
      expect(isBase64Encoded).toBe(true);
      expect(headers).toMatchObject({
        'content-encoding': sent,
        'cache-control': expect.stringContaining('immutable') as string,
        'content-type': 'text/javascript; charset=utf-8',
      });
      expect(decompress(Buffer.from(body, 'base64')).toString()).toBe('run()');
    },
  );

  it('when a dictionary is requested, sends it as a script', async () => {
    const { body, headers } = await get('/console/console-ko-ghi.js');
    expect([body, headers?.['content-type']]).toEqual(['export {}', 'text/javascript; charset=utf-8']);
  });

  it('when the client accepts no encoding, sends text', async () => {
    expect(await get('/console/console-def.css')).toMatchObject({ body: 'body{}' });
  });

  it('when someone signs in, the page may call what signs them in and nothing else', async () => {
    const origins = () => Promise.resolve(['https://issuer.example', 'https://pool.auth.example']);
    const { headers } = await serveConsole({ ...dependencies, origins })({
      rawPath: '/console',
      headers: {},
    });
    expect(headers?.['content-security-policy']).toContain(
      "connect-src 'self' https://issuer.example https://pool.auth.example;",
    );
  });

  it('when its settings are requested, describes the stage', async () => {
    expect(JSON.parse((await get('/console/settings.json')).body ?? '')).toEqual(settings);
  });
});

describe('the setting AUTH_ORIGINS', () => {
  const signIn = { issuer: 'https://issuer.example/pool', clientId: 'c', scopePrefix: '', userClaim: 'sub' };
  afterEach(() => delete process.env['AUTH_ORIGINS']);

  it('when it is given, the page may call these and the issuer, without discovery', async () => {
    process.env['AUTH_ORIGINS'] = 'https://pool.auth.example,https://issuer.example';
    const origins = await signInOrigins({ ...settings, signIn })();
    expect(origins).toEqual(['https://issuer.example', 'https://pool.auth.example']);
  });

  it.each(["https://a.example; script-src 'unsafe-inline'", 'https://a.example/path', 'a.example'])(
    'when it is %s, is refused',
    (text) => {
      process.env['AUTH_ORIGINS'] = text;
      expect(() => signInOrigins({ ...settings, signIn })).toThrow('AUTH_ORIGINS');
    },
  );
});
