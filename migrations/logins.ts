import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';

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

/** A service with a schema of its own. */
export type Service = keyof typeof logins;

/**
 * Gives each service its login: made where it is missing, with this password, and with rights on the tables
 * of its own schema alone. To be run after every migration, since new tables need new grants; running it
 * again changes nothing.
 * @param passwordOf the password of a service
 * @throws the database's error, such as 42501 when the user of `databaseUrl` may not create roles
 */
export async function provideLogins(
  databaseUrl: string,
  passwordOf: (service: Service) => string,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Held until the connection ends: PostgreSQL fails one of two grants on the same object at the same
    // moment.
    await client.query(`SELECT pg_advisory_lock(hashtext('openorder logins'))`);
    for (const [service, login] of Object.entries(logins) as [Service, Login][]) {
      await provideRole(client, login.role);
      if (!(await canLogIn(urlAs(databaseUrl, login.role, passwordOf(service)))))
        await client.query(`ALTER ROLE ${login.role} PASSWORD '${scramVerifier(passwordOf(service))}'`);
      await client.query(grants(login));
    }
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
  const client = new pg.Client({ connectionString: databaseUrl });
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
