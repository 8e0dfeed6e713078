import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reasonOf, runToEnd } from './child-process.ts';
import { StackError } from './errors.ts';
import { giveTo, type Account } from './postgres-account.ts';

/** What {@link initialiseOnce} needs to know. */
export interface InitialiseOptions {
  /** The program, which is inside its installation. */
  readonly initdb: string;
  readonly account: Account;
  /** Where the database gets its folder `data`. */
  readonly directory: string;
  /** Name and password of the superuser. */
  readonly name: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * initdb runs `postgres` through a shell, with its path in double quotes: there, each of these is special.
 */
const meantForShell = /["$`\\]/;

/**
 * Creates the database files, unless they exist.
 * @throws StackError `POSTGRES_FAILED`
 */
export async function initialiseOnce(options: InitialiseOptions): Promise<void> {
  const { account, directory, name, signal } = options;
  const data = join(directory, 'data');
  if (existsSync(join(data, 'initialised'))) return;
  await rm(data, { recursive: true, force: true }); // what an interrupted initdb left
  await mkdir(data);
  await giveTo(account, data);
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, name, { mode: 0o600 });
  await giveTo(account, passwordFile);
  try {
    await withPlainPath(options, (initdb) => runInitdb(initdb, data, passwordFile, options));
  } catch (cause) {
    signal?.throwIfAborted();
    const message = `PostgreSQL could not prepare ${data}: ${reasonOf(cause)}`;
    throw new StackError('POSTGRES_FAILED', message, { cause });
  }
  await rm(passwordFile);
  await writeFile(join(data, 'initialised'), '', { mode: 0o600 });
}

/** Runs a copy of initdb if this clone is in a folder whose name a shell would interpret. */
async function withPlainPath(
  { initdb, account }: InitialiseOptions,
  run: (initdb: string) => Promise<unknown>,
): Promise<void> {
  if (!meantForShell.test(initdb)) {
    await run(initdb);
    return;
  }
  const copy = await mkdtemp(join(tmpdir(), 'openorder-initdb-'));
  try {
    await cp(dirname(dirname(initdb)), copy, { recursive: true });
    await giveTo(account, copy);
    await run(join(copy, 'bin', 'initdb'));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function runInitdb(
  initdb: string,
  data: string,
  passwordFile: string,
  { account, directory, name, signal }: InitialiseOptions,
): Promise<void> {
  const files = ['-D', data, '--pwfile', passwordFile];
  const database = ['-U', name, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C'];
  const [command, ...args] = [...account.prefix, initdb, ...files, ...database];
  await runToEnd(command as string, args, { signal, cwd: dirname(directory) });
}
