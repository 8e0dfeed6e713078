import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { clientConfig } from '../lib/postgres/client-config.ts';

/** The PostgreSQL role that a service logs in as, and the one schema that it reaches. */
export interface Login {
  readonly role: string;
  readonly schema: string;
}

/** The logins by service: a service is a folder of `functions/`. */
export const logins = {
  order: { role: 'openorder_order', schema: 'orders' },
  inventory: { role: 'openorder_inventory', schema: 'inventory' },
  notification: { role: 'openorder_notification', schema: 'notification' },
  'dead-letter': { role: 'openorder_dead_letter', schema: 'dead_letter' },
} as const satisfies Readonly<Record<string, Login>>;

/** A service with its own schema. */
export type Service = keyof typeof logins;

/**
 * Gives each service its login: made where it is missing, with this password, and with rights on the tables
 * of its own schema alone. To be run after every migration, since new tables need new grants; running it
 * again changes nothing.
 * @param passwordOf the password of a service
 * @returns the services whose login did not exist or had another password
 * @throws the database's error, such as 42501 when the user of `databaseUrl` may not create roles
 */
export async function provideLogins(
  databaseUrl: string,
  passwordOf: (service: Service) => string,
): Promise<Service[]> {
  return await withLock(databaseUrl, async (client) => {
    const changed: Service[] = [];
    for (const [service, login] of loginEntries) {
      await provideRole(client, login.role);
      const password = passwordOf(service);
      if (!(await canLogIn(urlAs(databaseUrl, login.role, password)))) {
        await client.query(`ALTER ROLE ${login.role} PASSWORD '${scramVerifier(password)}'`);
        changed.push(service);
      }
      await client.query(grants(login));
    }
    return changed;
  });
}

/** Renews the rights of the logins that exist, and leaves passwords alone: a new table needs new grants. */
export async function renewGrants(databaseUrl: string): Promise<void> {
  await withLock(databaseUrl, async (client) => {
    const { rows } = await client.query<{ role: string }>('SELECT rolname AS role FROM pg_roles');
    const roles = new Set(rows.map(({ role }) => role));
    for (const [, login] of loginEntries) if (roles.has(login.role)) await client.query(grants(login));
  });
}

const loginEntries = Object.entries(logins) as [Service, Login][];

/** Two grants on the same object at the same moment: PostgreSQL fails one of them. */
async function withLock<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(clientConfig(databaseUrl));
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('openorder logins'))`); // until the connection ends
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A database's URL for another user. */
export function urlAs(databaseUrl: string, username: string, password: string): string {
  return Object.assign(new URL(databaseUrl), { username, password }).href;
}

/**
 * Roles belong to the whole server: another database's migration may make the same one at the same moment.
 */
async function provideRole(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      CREATE ROLE ${role} LOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);
}

function grants({ role, schema }: Login): string {
  return `
    GRANT USAGE ON SCHEMA ${schema} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`;
}

async function canLogIn(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client(clientConfig(databaseUrl));
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/**
 * What PostgreSQL keeps of a password, made here so that the password itself never stands in a statement,
 * which a server may log.
 * https://www.postgresql.org/docs/18/catalog-pg-authid.html, https://www.rfc-editor.org/rfc/rfc5802#section-3
 */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyOf = (label: string) => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
