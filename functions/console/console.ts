import { gunzipSync } from 'node:zlib';
import { type Asset, dictionaries, script, style } from 'console:client';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { functionEntry } from '../../lib/function-entry.ts';
import { contentSecurityPolicy, icon, pageOf } from './page.ts';
import type { ConsoleSettings } from './console-settings.ts';
import { readConsoleSettings, signInOrigins } from './settings.ts';

interface Dependencies {
  readonly script: Asset;
  readonly style: Asset;
  /** The texts of each language; the script loads the one that it needs. */
  readonly dictionaries: readonly Asset[];
  readonly settings: ConsoleSettings;
  /** Origins besides the page's own that it may call to sign people in. */
  readonly origins: () => Promise<readonly string[]>;
}

type Request = Pick<APIGatewayProxyEventV2, 'headers' | 'rawPath'>;

/** The content behind a name with a hash never changes. https://www.rfc-editor.org/rfc/rfc8246 */
const forever = 'public, max-age=31536000, immutable';

/**
 * Serves the console: its page under every path except those of its files and its settings. It contains no
 * data, so it is open.
 */
export function serveConsole({ script, style, dictionaries, settings, origins }: Dependencies) {
  const scripts = new Map([script, ...dictionaries].map((asset) => [asset.name, asset]));
  const page = pageOf({ script: script.name, style: style.name });
  return async ({ headers, rawPath }: Request): Promise<APIGatewayProxyStructuredResultV2> => {
    const name = rawPath.replace(/^\/console\/?/, '');
    const code = scripts.get(name);
    if (code) return assetResponse(code, 'text/javascript; charset=utf-8', headers['accept-encoding']);
    switch (name) {
      case style.name:
        return assetResponse(style, 'text/css; charset=utf-8', headers['accept-encoding']);
      case 'icon.svg':
        return response(icon, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' });
      case 'settings.json':
        return response(JSON.stringify(settings), { 'content-type': 'application/json', ...unkept });
      default:
        return response(page, pageHeaders(await origins()));
    }
  };
}

const unkept = { 'cache-control': 'no-cache' };

type Headers = Readonly<Record<string, string>>;

function pageHeaders(signInOrigins: readonly string[]): Headers {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(signInOrigins),
    'referrer-policy': 'no-referrer',
    ...unkept,
  };
}

function response(body: string, headers: Headers): APIGatewayProxyStructuredResultV2 {
  return { statusCode: 200, headers: { ...headers, 'x-content-type-options': 'nosniff' }, body };
}

/** In the best encoding that the client accepts. */
function assetResponse(asset: Asset, type: string, accepted = ''): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': type, 'cache-control': forever, vary: 'accept-encoding' };
  if (/\bbr\b/.test(accepted)) return encoded(asset.brotli, { ...headers, 'content-encoding': 'br' });
  if (/\bgzip\b/.test(accepted)) return encoded(asset.gzip, { ...headers, 'content-encoding': 'gzip' });
  return response(gunzipSync(Buffer.from(asset.gzip, 'base64')).toString('utf8'), headers);
}

function encoded(base64: string, headers: Headers): APIGatewayProxyStructuredResultV2 {
  return { ...response(base64, headers), isBase64Encoded: true };
}

const settings = readConsoleSettings();

export const handler = functionEntry(
  serveConsole({ script, style, dictionaries, settings, origins: signInOrigins(settings) }),
);
