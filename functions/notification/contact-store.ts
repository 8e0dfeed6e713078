import type { Database } from '../../lib/postgres/database.ts';
import type { Contacts } from './contacts.ts';

export type ContactStore = ReturnType<typeof createContactStore>;

/** Where users want to be notified. Every method throws the typed errors of `Queryable.query`. */
export function createContactStore(database: Database) {
  return {
    put: (userId: number, contacts: Contacts) => put(database, userId, contacts),
    get: (userId: number) => get(database, userId),
  };
}

async function put(database: Database, userId: number, contacts: Contacts): Promise<void> {
  const { email, phone, push, webhook, language } = contacts;
  await database.query(
    `INSERT INTO notification.contact (user_id, email, phone, push, webhook, language) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, phone = excluded.phone, push = excluded.push,
       webhook = excluded.webhook, language = excluded.language`,
    [userId, email, phone, push && JSON.stringify(push), webhook, language],
  );
}

async function get(database: Database, userId: number): Promise<Contacts | undefined> {
  const rows = await database.query<Contacts>(
    'SELECT email, phone, push, webhook, language FROM notification.contact WHERE user_id = $1',
    [userId],
  );
  return rows[0];
}
