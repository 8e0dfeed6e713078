import { randomBytes } from 'node:crypto';
import { closeClients } from '../local/stack/invoke-local.ts';
import { waitFor } from '../../test/support/wait.ts';
import { createDatabase, type Database } from './database.ts';

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const observer = createDatabase(databaseUrl);

/** A database for a role of its own, which may hold one connection at a time. */
async function limitedDatabase(): Promise<{ role: string; connect: () => Database }> {
  const role = `limited_${randomBytes(6).toString('hex')}`;
  await observer.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}' CONNECTION LIMIT 1`);
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = role;
  return { role, connect: () => createDatabase(url.href) };
}

async function connectionsOf(role: string): Promise<number> {
  const rows = await observer.query('SELECT FROM pg_stat_activity WHERE usename = $1', [role]);
  return rows.length;
}

afterAll(closeClients);

describe('the connection of a container', () => {
  it('when it has been idle for seconds, then it is closed, and the next statement opens another', async () => {
    const { role, connect } = await limitedDatabase();
    const database = connect();
    await database.query('SELECT 1');
    expect(await connectionsOf(role)).toBe(1);
    const isClosed = async () => (await connectionsOf(role)) === 0;
    await waitFor(isClosed, { deadlineMs: 15_000, what: 'the connection to be given up' });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('when PostgreSQL has none left, then the error says that, and a later statement succeeds', async () => {
    const { role, connect } = await limitedDatabase();
    const first = connect();
    const second = connect();
    await first.query('SELECT 1');
    await expect(second.query('SELECT 1')).rejects.toMatchObject({ code: 'OPENORDER_DATABASE_FULL' });
    const isClosed = async () => (await connectionsOf(role)) === 0;
    await waitFor(isClosed, { deadlineMs: 15_000, what: 'the first connection to be given up' });
    expect(await second.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('when its container is frozen within a transaction, then its locks are released within seconds', async () => {
    const database = createDatabase(databaseUrl);
    const [row] = await database.query<{ limit: string }>(
      "SELECT current_setting('idle_in_transaction_session_timeout') AS limit",
    );
    expect(row?.limit).toBe('30s');
  });
});
