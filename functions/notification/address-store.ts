import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../../lib/postgres/database.ts';
import { signingSecrets } from './contact-store.ts';
import type { AddressDelivery } from './retry.ts';
import type { HostConduct } from './send-to-addresses.ts';

/** An address that reported itself gone, and its owner. */
export interface GoneAddress {
  readonly userId: number;
  readonly channel: 'push' | 'webhook';
  readonly address: string;
}

/** Messages that one run sends again. */
export interface DueClaim {
  readonly id: string;
  readonly mine: readonly AddressDelivery[];
}

export type AddressStore = ReturnType<typeof createAddressStore>;

/** A host is silent after this many consecutive sends without a response. */
const patience = 3;

/** How many messages to one host a run takes at a time, so that one host's backlog leaves room for others. */
const perHost = 100;

/** What is known of customers' own addresses. Every method throws the typed errors of `Queryable.query`. */
export function createAddressStore(database: Database) {
  return {
    silentHosts: (hosts: readonly string[]) => silentHosts(database, hosts),
    noteConduct: (conduct: readonly HostConduct[]) => noteConduct(database, conduct),
    removeGone: (gone: readonly GoneAddress[]) => removeGone(database, gone),
    claimDue: (limit: number, claimMs: number) => claimDue(database, limit, claimMs),
    giveUp: () => giveUp(database),
  };
}

/**
 * The hosts that did not answer the last few sends. `retryDeliveries` finds out when they answer again.
 */
async function silentHosts(database: Queryable, hosts: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ host: string }>(
    'SELECT host FROM notification.silent_host WHERE host = ANY ($1::text[]) AND failures >= $2',
    [hosts, patience],
  );
  return new Set(rows.map(({ host }) => host));
}

/**
 * How long a host is left alone: a minute once it is silent, doubled with each further failure, an hour at
 * most.
 */
const pauseAfter = (failures: string) => `CASE WHEN ${failures} < ${patience} THEN interval '0'
  ELSE least(interval '1 hour', interval '1 minute' * 2 ^ least(${failures} - ${patience}, 6)) END`;

/**
 * Forgets the failures of hosts that answered, or that nothing was sent to for a day, and counts those of
 * hosts that did not answer.
 */
async function noteConduct(database: Queryable, conduct: readonly HostConduct[]): Promise<void> {
  if (conduct.length === 0) return;
  const answered = conduct.filter((one) => one.answered).map(({ host }) => host);
  const unanswered = conduct.filter((one) => one.unanswered > 0);
  await database.query(
    `DELETE FROM notification.silent_host WHERE host = ANY ($1::text[]) OR paused_until < now() - interval '1 day'`,
    [answered],
  );
  if (unanswered.length === 0) return;
  await database.query(
    `INSERT INTO notification.silent_host AS s (host, failures, paused_until)
     SELECT host, failures, now() + ${pauseAfter('failures')}
     FROM unnest($1::text[], $2::int[]) AS c (host, failures) ORDER BY host
     ON CONFLICT (host) DO UPDATE SET failures = s.failures + excluded.failures,
       paused_until = now() + ${pauseAfter('(s.failures + excluded.failures)')}`,
    [unanswered.map(({ host }) => host), unanswered.map((one) => one.unanswered)],
  );
}

const removal = {
  push: `UPDATE notification.contact SET push = NULL WHERE user_id = $1 AND push = $2::jsonb RETURNING user_id`,
  webhook: `UPDATE notification.contact SET webhook = NULL, webhook_secrets = '[]'
    WHERE user_id = $1 AND webhook = $2 RETURNING user_id`,
};

/**
 * Removes addresses from the contacts unless they have since been changed.
 * @returns those that were removed
 */
async function removeGone(database: Queryable, gone: readonly GoneAddress[]): Promise<GoneAddress[]> {
  const removed: GoneAddress[] = [];
  for (const one of gone) {
    const rows = await database.query(removal[one.channel], [one.userId, one.address]);
    if (rows.length > 0) removed.push(one);
  }
  return removed;
}

const addressOf = `CASE d.channel WHEN 'push' THEN c.push::text WHEN 'webhook' THEN c.webhook END`;

/**
 * Claims messages that are due, those with the fewest attempts first. Of a silent host whose pause is over it
 * claims a single one, and no other run claims another until that has been tried; so one user's messages
 * cannot keep a host closed to the others.
 */
const claimDueStatement = `
  WITH open_host AS (
    SELECT host, coalesce(s.failures, 0) >= ${patience} AS is_silent
    FROM (SELECT DISTINCT host FROM notification.delivery WHERE retry_at <= now()) AS waiting
    LEFT JOIN notification.silent_host AS s USING (host)
    WHERE coalesce(s.paused_until, now()) <= now()
  ), due AS (
    SELECT due.* FROM open_host CROSS JOIN LATERAL (
      SELECT order_id, kind, channel FROM notification.delivery AS d
      WHERE d.host = open_host.host AND retry_at <= now() AND coalesce(claimed_until, now()) <= now()
      ORDER BY attempts, delivery_id LIMIT CASE WHEN is_silent THEN 1 ELSE ${perHost} END
      FOR UPDATE SKIP LOCKED
    ) AS due LIMIT $1
  ), probed AS (
    UPDATE notification.silent_host AS s SET paused_until = now() + $3::int * interval '1 ms'
    FROM open_host WHERE s.host = open_host.host AND is_silent
  ), claimed AS (
    UPDATE notification.delivery AS d SET claim = $2::uuid, claimed_until = now() + $3::int * interval '1 ms'
    FROM due WHERE d.order_id = due.order_id AND d.kind = due.kind AND d.channel = due.channel
    RETURNING d.*
  )
  SELECT order_id AS "orderId", kind, channel, ${addressOf} AS address, language, attempts, notice,
    CASE d.channel WHEN 'webhook' THEN ${signingSecrets} ELSE '{}' END AS secrets
  FROM claimed AS d JOIN notification.contact AS c USING (user_id)`;

/**
 * @param limit the maximum number of messages
 * @param claimMs how long no other invocation may send what is claimed
 */
async function claimDue(database: Queryable, limit: number, claimMs: number): Promise<DueClaim> {
  const id = randomUUID();
  return { id, mine: await database.query<AddressDelivery>(claimDueStatement, [limit, id, claimMs]) };
}

/**
 * Settles messages that have waited too long or whose address was removed from the contacts.
 * @returns how many
 */
async function giveUp(database: Queryable): Promise<number> {
  const rows = await database.query(
    `UPDATE notification.delivery AS d SET notice = NULL, host = NULL, retry_at = NULL, give_up_at = NULL,
       status = CASE WHEN ${addressOf} IS NULL THEN 'SKIPPED' ELSE 'FAILED' END,
       error = CASE WHEN ${addressOf} IS NULL THEN 'the user no longer has this address' ELSE 'given up: ' || d.error END
     FROM notification.delivery AS waiting LEFT JOIN notification.contact AS c USING (user_id)
     WHERE waiting.retry_at IS NOT NULL AND coalesce(waiting.claimed_until, now()) <= now()
       AND (d.order_id, d.kind, d.channel) = (waiting.order_id, waiting.kind, waiting.channel)
       AND (d.give_up_at <= now() OR ${addressOf} IS NULL)
     RETURNING d.order_id`,
  );
  return rows.length;
}
