import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { StackError } from '../errors.ts';

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
 * @throws StackError `ISSUER_KEY_DAMAGED`
 */
export async function loadSigningKey(dataDirectory: string): Promise<SigningKey> {
  const file = join(dataDirectory, 'issuer-key.json');
  // When another process makes the key at the same moment, the second look finds what that one wrote.
  const text = await readKey(file).catch(() => makeKey(file).catch(() => readKey(file)));
  try {
    return await signingKeyOf(JSON.parse(text) as JWK);
  } catch (cause) {
    const message = `${file} is damaged, with which the local issuer signs tokens: delete it and start again; tokens made before are then refused.`;
    throw new StackError('ISSUER_KEY_DAMAGED', message, { cause });
  }
}

function readKey(file: string): Promise<string> {
  return readFile(file, 'utf8');
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: `local-${Date.now()}` };
  await mkdir(join(file, '..'), { recursive: true });
  const text = JSON.stringify(key);
  await writeOnce(file, text);
  return text;
}

/** Others find the whole file or none. Rejects when there is one already. */
async function writeOnce(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    await link(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function signingKeyOf(key: JWK): Promise<SigningKey> {
  const { kid = '', kty = '', n = '', e = '' } = key;
  const privateKey = (await importJWK(key, 'RS256')) as CryptoKey;
  return { kid, privateKey, publicKey: { kid, kty, n, e, alg: 'RS256', use: 'sig' } };
}
