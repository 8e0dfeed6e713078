import {
  DatabaseConflictError,
  DatabaseFullError,
  DatabaseLoginRefusedError,
  DatabaseStatementError,
  DatabaseUnavailableError,
  OpenOrderError,
} from '../errors.ts';
import { isSqlState, saysUnavailable } from './sql-state.ts';

/**
 * Serialization failure and deadlock: the transaction has to be run again.
 * https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html
 */
const conflicts = new Set(['40001', '40P01']);

/**
 * No connection is left, of the server, the database or the role.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const tooManyConnections = '53300';

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const diskFull = '53100';

/** Invalid authorization: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const loginRefused = /^28/;

/**
 * Types what `pg` threw. Whatever did not come from PostgreSQL with an SQLSTATE is a failure of the
 * connection, and says nothing about the statement.
 */
export function toDatabaseError(cause: unknown): Error {
  if (cause instanceof OpenOrderError) return cause; // the password could not be read
  const code = sqlStateOf(cause);
  if (code === tooManyConnections) {
    return new DatabaseFullError(
      'PostgreSQL has no connection left: check pg_stat_activity for who holds them, and raise max_connections or allow fewer containers.',
      { cause },
    );
  }
  if (code === diskFull) {
    return new DatabaseUnavailableError(
      "PostgreSQL's disk is full: free some space, and waiting work resumes on its own.",
      { cause },
    );
  }
  if (code === undefined || saysUnavailable(code)) {
    return new DatabaseUnavailableError(
      'PostgreSQL did not answer; check that it is up and that DATABASE_URL is right.',
      { cause },
    );
  }
  if (loginRefused.test(code)) {
    const message = `PostgreSQL refused the login (${code}): check that its password matches the secret or DATABASE_URL.`;
    return new DatabaseLoginRefusedError(message, { cause });
  }
  if (conflicts.has(code))
    return new DatabaseConflictError('The statement conflicted with another transaction.', { cause });
  return new DatabaseStatementError(`PostgreSQL refused a statement (${code}${namesIn(cause)}).`, { cause });
}

/** Only names from the schema: PostgreSQL's own messages quote values, and ours end up in logs. */
function namesIn(cause: unknown): string {
  const { table, column, constraint } = cause as Record<string, unknown>;
  return Object.entries({ table, column, constraint })
    .filter(([, name]) => typeof name === 'string')
    .map(([kind, name]) => `, ${kind} ${String(name)}`)
    .join('');
}

function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return isSqlState(code) ? code : undefined;
}
