import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

/** The key of the local issuer. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** What the issuer publishes of it. */
  readonly publicKey: JWK;
}

/**
 * The local issuer's key, made once and kept among the stack's data, so that tokens outlive a restart. Only
 * its owner can read it: whoever has it can be anyone.
 */
export async function loadSigningKey(dataDirectory: string): Promise<SigningKey> {
  const file = join(dataDirectory, 'issuer-key.json');
  // When another process makes the key at the same moment, the second look finds what that one wrote.
  return await signingKeyOf(await readKey(file).catch(() => makeKey(file).catch(() => readKey(file))));
}

async function readKey(file: string): Promise<JWK> {
  return JSON.parse(await readFile(file, 'utf8')) as JWK;
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: `local-${Date.now()}` };
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
  return key;
}

async function signingKeyOf(key: JWK): Promise<SigningKey> {
  const { kid = '', kty = '', n = '', e = '' } = key;
  const privateKey = (await importJWK(key, 'RS256')) as CryptoKey;
  return { kid, privateKey, publicKey: { kid, kty, n, e, alg: 'RS256', use: 'sig' } };
}
