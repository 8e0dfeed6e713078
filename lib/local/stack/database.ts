import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { logins, provideLogins, type Service, urlAs } from '../../../migrations/logins.ts';
import { StackError } from './errors.ts';
import { projectDirectory } from './settings.ts';
import { until } from './until.ts';

/**
 * Waits until a database accepts connections.
 * @throws StackError `POSTGRES_UNREACHABLE` when it does not within 15 s
 */
export async function waitForDatabase(databaseUrl: string, signal?: AbortSignal): Promise<void> {
  const connects = () => withClient(databaseUrl, async (client) => !!(await client.query('select 1')));
  try {
    await until(connects, { deadlineMs: 15_000, what: 'PostgreSQL', signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const { host } = new URL(databaseUrl); // the full URL contains a password
    const hint = 'start that PostgreSQL, or unset DATABASE_URL to have one started';
    throw new StackError(
      'POSTGRES_UNREACHABLE',
      `PostgreSQL at ${host} does not accept connections: ${hint}.`,
      {
        cause,
      },
    );
  }
}

/**
 * Fills empty tables with demo data to try things with; safe to run on each start.
 */
export async function addDemoData(databaseUrl: string): Promise<void> {
  const demo = await readFile(join(projectDirectory, 'migrations', 'demo.sql'), 'utf8');
  await withClient(databaseUrl, (client) => client.query(demo));
}

/** By service, the database's URL with the service's own login. */
export type ServiceDatabaseUrls = Readonly<Record<Service, string>>;

/** PostgreSQL's "insufficient privilege". https://www.postgresql.org/docs/18/errcodes-appendix.html */
const insufficientPrivilege = '42501';

/**
 * Provides each service's login, with a password derived from that of `databaseUrl`, so that nothing has to
 * be stored.
 * @returns undefined when the user of `databaseUrl` may not create logins: every service then uses it
 * unchanged
 */
export async function serviceDatabaseUrls(databaseUrl: string): Promise<ServiceDatabaseUrls | undefined> {
  const { password } = new URL(databaseUrl);
  const passwordOf = (service: Service) => createHmac('sha256', password).update(service).digest('base64url');
  try {
    await provideLogins(databaseUrl, passwordOf);
  } catch (error) {
    if ((error as { code?: string }).code === insufficientPrivilege) return undefined;
    throw error;
  }
  const services = Object.keys(logins) as Service[];
  const urls = services.map((service) => [
    service,
    urlAs(databaseUrl, logins[service].role, passwordOf(service)),
  ]);
  return Object.fromEntries(urls) as ServiceDatabaseUrls;
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
