import { setting } from '../config.ts';
import { secretOf } from '../secrets.ts';
import { createDatabase, type Database } from './database.ts';

/**
 * The container's database, opened on first use. With `DATABASE_SECRET_ARN` the password is that secret's,
 * read for each new connection; otherwise it is the one in `DATABASE_URL`.
 * @throws ConfigurationError when DATABASE_URL is missing
 */
export function connectDatabase(): Database {
  const secretArn = setting('DATABASE_SECRET_ARN');
  return createDatabase(setting('DATABASE_URL'), secretArn === undefined ? undefined : secretOf(secretArn));
}
