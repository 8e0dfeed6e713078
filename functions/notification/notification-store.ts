import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../../lib/postgres/database.ts';
import type { ChannelName } from './channels/channel.ts';
import { signingSecrets } from './contact-store.ts';
import type { Kind, Language, Notice } from './notice.ts';

/** A customer to notify of one thing that happened to an order. */
export interface Owed {
  readonly orderId: number;
  readonly kind: Kind;
  readonly userId: number;
}

/** Names a message: there is one per order, kind and channel. */
export interface DeliveryKey {
  readonly orderId: number;
  readonly kind: Kind;
  readonly channel: ChannelName;
}

/** A message that is neither sent, skipped nor failed. */
export interface OpenDelivery extends DeliveryKey {
  readonly address: string;
  /** What a webhook is signed with, newest first; empty for the other channels. */
  readonly secrets: readonly string[];
  readonly language: Language;
  /** Earlier sends. */
  readonly attempts: number;
}

/**
 * Messages to send: `mine` belong to this claim, `others` to an invocation that claimed them earlier.
 */
export interface Claim {
  readonly id: string;
  readonly mine: readonly OpenDelivery[];
  readonly others: readonly OpenDelivery[];
}

/**
 * The result of a claimed message; one still PENDING may be claimed again. `attempts` counts those made under
 * this claim.
 */
export interface Conclusion {
  readonly delivery: DeliveryKey;
  readonly status: 'SENT' | 'FAILED' | 'PENDING';
  readonly attempts: number;
  readonly providerId?: string | undefined;
  readonly error?: Error;
  /** Present if `retryDeliveries` is to send it again. */
  readonly retry?: Retry;
}

/** When a message is sent again, and what is needed for that. */
interface Retry {
  /** The host that did not accept it. */
  readonly host: string;
  readonly notice: Notice;
  readonly afterMs: number;
}

/** A message as the API shows it. */
export interface Notification {
  readonly deliveryId: number;
  readonly orderId: number;
  readonly kind: Kind;
  readonly channel: ChannelName;
  readonly status: 'PENDING' | 'SENT' | 'SKIPPED' | 'FAILED';
  readonly sentAt: Date | null;
}

export type NotificationStore = ReturnType<typeof createNotificationStore>;

/** Messages to customers and their status. Every method throws the typed errors of `Queryable.query`. */
export function createNotificationStore(database: Database) {
  return {
    claim: (owed: readonly Owed[], channels: readonly ChannelName[], claimMs: number) =>
      claim(database, owed, channels, claimMs),
    conclude: (claimId: string, conclusions: readonly Conclusion[], at: Date) =>
      database.transaction((transaction) => conclude(transaction, claimId, conclusions, at)),
    /** @param userId limits the list to this user's messages; undefined lists all of the order */
    listByOrder: (orderId: number, userId?: number) =>
      database.query<Notification>(
        `${selectNotification} WHERE order_id = $1 AND ($2::bigint IS NULL OR user_id = $2) ORDER BY delivery_id`,
        [orderId, userId ?? null],
      ),
    listByUser: (userId: number, after: number, limit: number) =>
      database.query<Notification>(
        `${selectNotification} WHERE user_id = $1 AND delivery_id > $2 ORDER BY delivery_id LIMIT $3`,
        [userId, after, limit],
      ),
  };
}

const selectNotification = `SELECT delivery_id AS "deliveryId", order_id AS "orderId", kind, channel, status, sent_at AS "sentAt"
  FROM notification.delivery`;

/**
 * The whole first half of a batch in one statement: looks up the contacts, records each message owed (a user
 * without contacts, or only with ones that no channel here reaches, gets a SKIPPED row), and claims those to
 * send, new and old. Concluded rows are left alone, and so are those that `retryDeliveries` sends. Rows are
 * sorted, so concurrent batches lock in one order and cannot deadlock.
 */
const claimStatement = `
  WITH owed AS (
    SELECT n.order_id, n.kind, n.user_id, by.channel, by.address, c.language,
      CASE by.channel WHEN 'webhook' THEN ${signingSecrets} ELSE '{}' END AS secrets
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS n (order_id, kind, user_id)
    LEFT JOIN notification.contact AS c USING (user_id)
    CROSS JOIN LATERAL (
      VALUES ('email', c.email), ('sms', c.phone), ('push', c.push::text), ('webhook', c.webhook)
    ) AS by (channel, address)
    WHERE by.address IS NOT NULL
       OR by.channel = 'email' AND num_nonnulls(c.phone, c.push, c.webhook) = 0
  ), claimed AS (
    INSERT INTO notification.delivery AS d (order_id, kind, channel, user_id, status, error, claim, claimed_until)
    SELECT order_id, kind, channel, user_id,
      CASE WHEN address IS NULL OR channel <> ALL ($4::text[]) THEN 'SKIPPED' ELSE 'PENDING' END,
      CASE WHEN address IS NULL THEN 'the user has no contact'
           WHEN channel <> ALL ($4::text[]) THEN 'this channel is not set up' END,
      $5::uuid, now() + $6::int * interval '1 ms'
    FROM owed ORDER BY order_id, kind, channel
    ON CONFLICT (order_id, kind, channel) DO UPDATE SET
      claim = CASE WHEN d.claimed_until > now() THEN d.claim ELSE excluded.claim END,
      claimed_until = CASE WHEN d.claimed_until > now() THEN d.claimed_until ELSE excluded.claimed_until END
    WHERE d.status = 'PENDING' AND d.retry_at IS NULL
    RETURNING d.order_id, d.kind, d.channel, d.status, d.attempts, d.claim
  )
  SELECT order_id AS "orderId", kind, channel, address, secrets, language, attempts, claim = $5::uuid AS mine
  FROM claimed JOIN owed USING (order_id, kind, channel)
  WHERE claimed.status = 'PENDING' AND address IS NOT NULL`;

/**
 * @param owed each order and kind once
 * @param channels the available channels
 * @param claimMs how long no other invocation may send what is claimed
 */
async function claim(
  database: Queryable,
  owed: readonly Owed[],
  channels: readonly ChannelName[],
  claimMs: number,
): Promise<Claim> {
  const id = randomUUID();
  const rows = await database.query<OpenDelivery & { mine: boolean }>(claimStatement, [
    owed.map(({ orderId }) => orderId),
    owed.map(({ kind }) => kind),
    owed.map(({ userId }) => userId),
    channels,
    id,
    Math.max(0, Math.round(claimMs)),
  ]);
  return { id, mine: rows.filter((row) => row.mine), others: rows.filter((row) => !row.mine) };
}

/** After this long a message that an address did not accept is given up. */
const retriesEnd = `interval '24 hours'`;

/**
 * Records the results of claimed messages and ends the claim. A row that another invocation has since claimed
 * can only be marked as sent.
 */
async function conclude(
  transaction: Queryable,
  claimId: string,
  conclusions: readonly Conclusion[],
  at: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE notification.delivery AS d SET status = s.status, attempts = d.attempts + s.attempts, provider_id = s.provider_id,
       error = s.error, sent_at = CASE WHEN s.status = 'SENT' THEN $3::timestamptz END, claim = NULL, claimed_until = NULL,
       notice = s.notice, host = s.host, retry_at = now() + s.retry_after_ms * interval '1 ms',
       give_up_at = CASE WHEN s.notice IS NOT NULL THEN coalesce(d.give_up_at, now() + ${retriesEnd}) END
     FROM json_to_recordset($1) AS s (order_id bigint, kind text, channel text, status text, attempts int, provider_id text,
       error text, notice jsonb, host text, retry_after_ms bigint)
     WHERE d.order_id = s.order_id AND d.kind = s.kind AND d.channel = s.channel
       AND d.status = 'PENDING' AND (d.claim = $2::uuid OR s.status = 'SENT')`,
    [JSON.stringify(conclusions.map(conclusionRow)), claimId, at],
  );
}

function conclusionRow({ delivery, status, attempts, providerId, error, retry }: Conclusion) {
  const { orderId, kind, channel } = delivery;
  return {
    order_id: orderId,
    kind,
    channel,
    status,
    attempts,
    provider_id: providerId,
    error: error?.message,
    notice: retry?.notice,
    host: retry?.host,
    retry_after_ms: retry?.afterMs,
  };
}
