import type { Database } from '../../lib/postgres/database.ts';
import type { Contacts } from './contacts.ts';

export type ContactStore = ReturnType<typeof createContactStore>;

/** How long a replaced secret signs beside the new one. */
const overlap = `interval '24 hours'`;

/** The most secrets kept per user, so that a webhook's header cannot grow without bound. */
const secretsKept = 5;

/** Whether an element of `webhook_secrets` still signs. */
const stillSigns = `coalesce((one ->> 'until')::timestamptz, 'infinity') > now()`;

/**
 * SQL for the secrets that sign a webhook, newest first, as a text array; `c` is the row of
 * `notification.contact`.
 */
export const signingSecrets = `ARRAY(
  SELECT one ->> 'secret' FROM jsonb_array_elements(c.webhook_secrets) WITH ORDINALITY AS s (one, place)
  WHERE ${stillSigns} ORDER BY place)`;

/** Where users want to be notified. Every method throws the typed errors of `Queryable.query`. */
export function createContactStore(database: Database) {
  return {
    put: (userId: number, contacts: Contacts, secret: string) => put(database, userId, contacts, secret),
    get: (userId: number) => get(database, userId),
    remove: (userId: number) => remove(database, userId),
    renewSecret: (userId: number, secret: string) => renewSecret(database, userId, secret),
  };
}

/**
 * Replaces a user's contacts.
 * @param secret signs the webhook if it is new or was changed; an unchanged one keeps its secrets
 * @returns whether the secret was used
 */
async function put(
  database: Database,
  userId: number,
  { email, phone, push, webhook, language }: Contacts,
  secret: string,
): Promise<boolean> {
  const rows = await database.query<{ isTaken: boolean }>(
    `INSERT INTO notification.contact AS c (user_id, email, phone, push, webhook, language, webhook_secrets)
     VALUES ($1, $2, $3, $4, $5, $6,
       CASE WHEN $5::text IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object('secret', $7::text)) END)
     ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, phone = excluded.phone, push = excluded.push,
       webhook = excluded.webhook, language = excluded.language,
       webhook_secrets = CASE WHEN c.webhook = excluded.webhook AND c.webhook_secrets <> '[]' THEN c.webhook_secrets
         ELSE excluded.webhook_secrets END
     RETURNING coalesce(webhook_secrets -> 0 ->> 'secret' = $7, false) AS "isTaken"`,
    [userId, email, phone, push && JSON.stringify(push), webhook, language, secret],
  );
  return rows.some(({ isTaken }) => isTaken);
}

async function get(database: Database, userId: number): Promise<Contacts | undefined> {
  const rows = await database.query<Contacts>(
    'SELECT email, phone, push, webhook, language FROM notification.contact WHERE user_id = $1',
    [userId],
  );
  return rows[0];
}

async function remove(database: Database, userId: number): Promise<void> {
  await database.query('DELETE FROM notification.contact WHERE user_id = $1', [userId]);
}

/**
 * Makes a secret the one that signs the user's webhook; earlier ones sign alongside it for a day.
 * @returns whether the user has a webhook
 */
async function renewSecret(database: Database, userId: number, secret: string): Promise<boolean> {
  const rows = await database.query(
    `UPDATE notification.contact SET webhook_secrets = jsonb_build_array(jsonb_build_object('secret', $2::text)) || (
       SELECT coalesce(jsonb_agg(jsonb_build_object('until', now() + ${overlap}) || one ORDER BY place), '[]')
       FROM jsonb_array_elements(webhook_secrets) WITH ORDINALITY AS s (one, place)
       WHERE ${stillSigns} AND place < ${secretsKept})
     WHERE user_id = $1 AND webhook IS NOT NULL RETURNING user_id`,
    [userId, secret],
  );
  return rows.length > 0;
}
