// npm run migrate: brings the database named by DATABASE_URL up to date.
import { setting } from '../lib/config.ts';
import { migrate } from './migrate.ts';

await migrate(setting('DATABASE_URL'));
