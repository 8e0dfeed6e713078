import { createDatabase } from '../../lib/postgres/database.ts';

/** Enters an e-mail address for each user from 1 to `users`, so that all are owed a mail. */
export async function enterContacts(databaseUrl: string, users: number): Promise<void> {
  await createDatabase(databaseUrl).query(
    `INSERT INTO notification.contact (user_id, email)
     SELECT id, 'user' || id || '@example.com' FROM generate_series(1, $1::int) AS id ON CONFLICT DO NOTHING`,
    [users],
  );
}
