import { readdirSync } from 'node:fs';
import pg from 'pg';
import { addDemoData } from '../lib/local/stack/database.ts';
import { projectDirectory } from '../lib/local/stack/settings.ts';
import { migrate } from './migrate.ts';

const server = process.env['DATABASE_URL'] ?? '';
const database = `migrate_${process.pid}`;
const databaseUrl = Object.assign(new URL(server), { pathname: `/${database}` }).href;
let admin: pg.Client;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${database}`);
});
afterAll(async () => {
  // To drop a database, the server first writes out what every other test has left in its buffers.
  await admin.query(`drop database ${database} with (force)`);
  await admin.end();
}, 60_000);

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe('migrations', () => {
  it('when several run them at once on an empty database, then each step runs once, and each service keeps its own account', async () => {
    await Promise.all([migrate(databaseUrl), migrate(databaseUrl)]);
    const tables = await query(
      `select table_name from information_schema.tables where table_schema = 'migrations'`,
    );
    const services = readdirSync(`${projectDirectory}/migrations`, { withFileTypes: true });
    const names = services.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(tables.map((row) => row['table_name']).sort()).toEqual(names.sort());
    expect(await query(`select name from migrations."order"`)).toContainEqual({ name: '1_create-orders' });
  });

  it('when they run again, then nothing changes', async () => {
    const before = await query(`select * from migrations."order"`);
    await migrate(databaseUrl);
    expect(await query(`select * from migrations."order"`)).toEqual(before);
  });

  it('when the demo data is added twice, then stock that changed in between stays as it is', async () => {
    await addDemoData(databaseUrl);
    await query(`update inventory.stock set on_hand = 7 where sku = 'ABC-001'`);
    await addDemoData(databaseUrl);
    expect(await query(`select sku, on_hand from inventory.stock order by sku`)).toEqual([
      { sku: 'ABC-001', on_hand: '7' },
      { sku: 'ABC-002', on_hand: '0' },
    ]);
  });
});
