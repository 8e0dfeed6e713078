import { randomBytes } from 'node:crypto';
import { migrate } from '../../migrations/migrate.ts';
import { createDatabase } from '../../lib/postgres/database.ts';

/**
 * A database with all tables and no rows, on the integration tests' server, for tests that touch every row.
 */
export async function freshDatabase(): Promise<string> {
  const url = new URL(process.env['DATABASE_URL'] ?? '');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await createDatabase(url.href).query(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}
