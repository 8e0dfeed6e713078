import { createSecureContext } from 'node:tls';
import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { ConfigurationError } from '../errors.ts';

/**
 * What `pg` needs to connect. The certificate authorities of `sslrootcert` are parsed once, not on every
 * connection: Lambda's file has more than a hundred.
 * @throws ConfigurationError when the file of `sslrootcert` cannot be read
 */
export function clientConfig(connectionString: string): pg.ClientConfig {
  const config = parse(connectionString);
  if (typeof config.ssl !== 'object' || config.ssl.ca === undefined) return config;
  const { ca, ...ssl } = config.ssl;
  return { ...config, ssl: { ...ssl, secureContext: createSecureContext({ ca }) } };
}

function parse(connectionString: string): pg.ClientConfig {
  try {
    return parseIntoClientConfig(connectionString);
  } catch (cause) {
    const { code = 'malformed', path = '' } = cause as { code?: string; path?: string };
    const what = path === '' ? 'it cannot be read' : `the certificates in ${path} cannot be read`;
    throw new ConfigurationError(`Set DATABASE_URL: ${what} (${code}).`, { cause });
  }
}
