import pg from 'pg';
import { serviceDatabaseUrls } from '../lib/local/stack/database.ts';
import { freshDatabase } from '../test/support/fresh-database.ts';
import { migrate } from './migrate.ts';
import { logins, provideLogins, type Service, urlAs } from './logins.ts';

let databaseUrl: string;
let urls: Readonly<Record<Service, string>>;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  urls = (await serviceDatabaseUrls(databaseUrl)) as Readonly<Record<Service, string>>;
}, 30_000);

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

const forbidden = { code: '42501' };
const services = Object.keys(logins) as Service[];

describe('the login of a service', () => {
  it.each(services)(
    'when %s logs in, then it reads its own schema, and no table of another',
    async (service) => {
      const tables = await run(
        databaseUrl,
        `SELECT table_schema AS schema, format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema IN ('orders', 'inventory', 'notification', 'dead_letter', 'migrations') AND table_type = 'BASE TABLE'`,
      );
      const read = tables as { schema: string; name: string }[];
      expect(read.length).toBeGreaterThan(services.length);
      for (const { schema, name } of read) {
        const reading = run(urls[service], `SELECT count(*) FROM ${name}`);
        if (schema === logins[service].schema) await expect(reading).resolves.toHaveLength(1);
        else await expect(reading).rejects.toMatchObject(forbidden);
      }
    },
  );

  it('when the order service asks for addresses of customers, or inventory writes an order, then PostgreSQL refuses', async () => {
    await expect(run(urls.order, 'SELECT email FROM notification.contact')).rejects.toMatchObject(forbidden);
    const insert = `INSERT INTO orders.orders (user_id, items, created_at, updated_at) VALUES (1, '[]', now(), now())`;
    await expect(run(urls.inventory, insert)).rejects.toMatchObject(forbidden);
    await expect(run(urls.order, insert)).resolves.toEqual([]);
  });

  it('when a service tries to change a schema, its own too, then PostgreSQL refuses', async () => {
    await expect(run(urls.order, 'CREATE TABLE orders.extra ()')).rejects.toMatchObject(forbidden);
    await expect(run(urls.order, 'CREATE TABLE public.extra ()')).rejects.toMatchObject(forbidden);
    await expect(run(urls.order, 'CREATE ROLE another')).rejects.toMatchObject(forbidden);
  });

  it('when they are provided again, at once and after a migration, then all stays as it is', async () => {
    await Promise.all([
      serviceDatabaseUrls(databaseUrl),
      serviceDatabaseUrls(databaseUrl),
      migrate(databaseUrl),
    ]);
    await expect(run(urls.order, 'SELECT count(*) FROM orders.outbox')).resolves.toHaveLength(1);
  });

  it('when the user may not create roles, then the error says so', async () => {
    await run(databaseUrl, `CREATE ROLE plain_${process.pid} LOGIN PASSWORD 'plain'`);
    const plain = urlAs(databaseUrl, `plain_${process.pid}`, 'plain');
    await expect(provideLogins(plain, () => 'x')).rejects.toMatchObject(forbidden);
    await expect(serviceDatabaseUrls(plain)).resolves.toBeUndefined();
    await run(databaseUrl, `DROP ROLE plain_${process.pid}`);
  });
});
