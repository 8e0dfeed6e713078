import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { clientConfig } from '../lib/postgres/client-config.ts';

/**
 * Brings the schema of each service up to date: a service is a folder of `directory`, its steps are the SQL
 * files in it, by name. What has run is kept in one table per service, `migrations.<service>`. Several may
 * call it at once: they wait for each other.
 * @returns the steps that ran, as `<service>/<step>`
 * @throws the database's error of the step that failed; the steps of that service are rolled back then
 */
export async function migrate(databaseUrl: string, directory = import.meta.dirname): Promise<string[]> {
  const client = new pg.Client(clientConfig(databaseUrl));
  await client.connect();
  const done: string[] = [];
  try {
    for (const service of await servicesIn(directory)) {
      const steps = await runner({
        dbClient: client,
        dir: join(directory, service),
        direction: 'up',
        migrationsSchema: 'migrations',
        createMigrationsSchema: true,
        migrationsTable: service,
        advisoryLockMode: 'wait',
        log: () => undefined,
      });
      done.push(...steps.map(({ name }) => `${service}/${name}`));
    }
  } finally {
    await client.end();
  }
  return done;
}

async function servicesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
