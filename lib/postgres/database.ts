import pg from 'pg';
import { DatabaseConflictError, DatabaseLoginRefusedError } from '../errors.ts';
import { logger } from '../logger.ts';
import type { Secret } from '../secrets.ts';
import { onShutdown } from '../shutdown.ts';
import { clientConfig } from './client-config.ts';
import { toDatabaseError } from './database-error.ts';

/**
 * Runs statements, deliberately unnamed: a named one may keep the plan made while its table was empty, and
 * scan forever.
 */
export interface Queryable {
  /**
   * The rows of one statement.
   * @throws DatabaseUnavailableError, DatabaseConflictError or DatabaseStatementError
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * Outside a transaction each statement is its own; like a transaction it is run again after a conflict.
 */
export interface Database extends Queryable {
  /**
   * Runs `work` in one READ COMMITTED transaction, and again from the start after a conflict with another
   * (`DatabaseConflictError`), up to 10 times; so `work` must have no effects except through its argument.
   */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
}

const transactionAttempts = 10;

/** How long opening a connection may take, in ms. */
export const connectTimeoutMs = 3_000;

/**
 * How long a statement may take, in ms. Timed by the client: a server that is frozen or cut off cannot time
 * a statement out. A request's function has 20 s, and must still answer 503 after this and a new connection.
 */
export const queryTimeoutMs = 16_000;

/**
 * A burst leaves many idle containers behind, whose connections others could use. Reconnecting takes some
 * 10 ms, so it should not happen between the orders of an ordinary minute.
 */
const idleConnectionMs = 5_000;

/** Longer than any pause between two statements: in one of them a redrive's records go to Kafka. */
const idleTransactionMs = 30_000;

// bigint columns hold ids and counts that the contracts keep below 2^53, so they are read as numbers.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A database with one connection, opened on first use: a Lambda container runs one invocation at a time.
 * @param secret holds the password, where the connection string has none
 */
export function createDatabase(connectionString: string, secret?: Secret): Database {
  const pool = new pg.Pool({
    ...clientConfig(connectionString),
    ...(secret && { password: () => passwordOf(secret) }),
    max: 1,
    idleTimeoutMillis: idleConnectionMs,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: 15_000,
    // A container that is frozen within a transaction would hold its locks until it thaws.
    idle_in_transaction_session_timeout: idleTransactionMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced on next use; without a listener it would end the process.
  pool.on('error', (error) => {
    logger.warn('an idle database connection broke', { reason: error.message });
  });
  // The same within a transaction, between two statements: the next one finds out. The pool listens only to
  // idle connections.
  pool.on('connect', (client) => client.on('error', () => undefined));
  onShutdown(() => pool.end());
  const run = <Result>(work: () => Promise<Result>) => retryConflicts(() => withFreshLogin(work, secret));
  return {
    query: (text, values) => run(() => runOn(pool, text, values)),
    transaction: (work) => run(() => runTransaction(pool, work)),
  };
}

async function passwordOf(secret: Secret): Promise<string> {
  const { password = '' } = await secret.read();
  return password;
}

/**
 * A rotated password is refused before any statement runs, so the work can be redone with the new one.
 */
async function withFreshLogin<Result>(work: () => Promise<Result>, secret?: Secret): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!secret || !(error instanceof DatabaseLoginRefusedError)) throw error;
    secret.forget();
    return await work();
  }
}

async function runOn<Row>(
  connection: Pick<pg.ClientBase, 'query'> | pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const result = await connection.query(text, [...values]);
    return result.rows as Row[];
  } catch (error) {
    throw toDatabaseError(error);
  }
}

async function runTransaction<Result>(
  pool: pg.Pool,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await begin(pool);
  try {
    const result = await work({ query: (text, values) => runOn(client, text, values) });
    await runOn(client, 'COMMIT');
    client.release();
    return result;
  } catch (error) {
    // The server rolls back when the connection closes, so nothing has to be sent over a connection in an
    // unknown state.
    client.release(true);
    throw error;
  }
}

/**
 * A pooled connection may have died unnoticed while the container was frozen; before BEGIN, switching to
 * another loses nothing.
 */
async function begin(pool: pg.Pool): Promise<pg.PoolClient> {
  for (let fresh = false; ; fresh = true) {
    const client = await pool.connect().catch((error: unknown) => {
      throw toDatabaseError(error);
    });
    try {
      await runOn(client, 'BEGIN');
      return client;
    } catch (error) {
      client.release(true);
      if (fresh) throw error;
    }
  }
}

async function retryConflicts<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DatabaseConflictError) || attempt === transactionAttempts) throw error;
    }
  }
}
