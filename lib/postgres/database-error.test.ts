import { toDatabaseError } from './database-error.ts';

const pgError = (code: string, message = 'as PostgreSQL said') => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it.each([
    ['no connection is left', '53300', 'OPENORDER_DATABASE_FULL', 'infrastructure'],
    ['the disk is full', '53100', 'OPENORDER_DATABASE_UNAVAILABLE', 'infrastructure'],
    ['it is shutting down', '57P01', 'OPENORDER_DATABASE_UNAVAILABLE', 'infrastructure'],
    ['nobody listens', 'ECONNREFUSED', 'OPENORDER_DATABASE_UNAVAILABLE', 'infrastructure'],
    ['the connection broke', 'EPIPE', 'OPENORDER_DATABASE_UNAVAILABLE', 'infrastructure'],
    ['one of two transactions had to give way', '40P01', 'OPENORDER_DATABASE_CONFLICT', 'infrastructure'],
    ['a constraint forbids the row', '23514', 'OPENORDER_DATABASE_STATEMENT', 'transient'],
  ])('when %s (%s), then its code is %s', (_, code, expected, disposition) => {
    const cause = pgError(code);
    expect(toDatabaseError(cause)).toMatchObject({ code: expected, disposition, cause });
  });

  it('when a statement is refused, then the message names the constraint and none of the values', () => {
    const cause = Object.assign(pgError('23505', 'Key (email)=(ada@example.com) exists'), {
      table: 'orders',
      constraint: 'orders_pkey',
      detail: 'ada@example.com',
    });
    const { message } = toDatabaseError(cause);
    expect(message).toBe('PostgreSQL refused a statement (23505, table orders, constraint orders_pkey).');
  });

  it('when no connection is left, then the message says so, and where to look', () => {
    const { message } = toDatabaseError(pgError('53300', 'sorry, too many clients already'));
    expect(message).toMatch(/no connection left.*pg_stat_activity.*max_connections/);
  });
});
