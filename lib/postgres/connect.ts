import { setting } from '../config.ts';
import { createDatabase, type Database } from './database.ts';

/** The container's database, opened at the first use. @throws ConfigurationError when DATABASE_URL is missing */
export function connectDatabase(): Database {
  return createDatabase(setting('DATABASE_URL'));
}
