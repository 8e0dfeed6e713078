import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { StackError } from '../errors.ts';

/** The key of the local issuer. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** The part that the issuer publishes. */
  readonly publicKey: JWK;
}

/**
 * The local issuer's key, created once and kept with the stack's data, so that tokens survive a restart. Only
 * its owner can read it: whoever has it can be anyone.
 * @throws StackError `ISSUER_KEY_DAMAGED`
 */
export async function loadSigningKey(dataDirectory: string): Promise<SigningKey> {
  const file = join(dataDirectory, 'issuer-key.json');
  // If another process creates the key at the same moment, the second read finds what it wrote.
  const text = await readKey(file).catch(() => makeKey(file).catch(() => readKey(file)));
  try {
    return await signingKeyOf(JSON.parse(text) as JWK);
  } catch (cause) {
    const message = `${file}, the local issuer's signing key, is damaged: delete it and start again; earlier tokens will then be refused.`;
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

/** Readers find the whole file or none. Rejects when there already is one. */
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
