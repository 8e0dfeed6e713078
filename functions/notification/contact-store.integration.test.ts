import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { createContactStore } from './contact-store.ts';
import type { Contacts } from './contacts.ts';
import { createNotificationStore } from './notification-store.ts';

const database = createDatabase(process.env['DATABASE_URL'] ?? '');
const store = createContactStore(database);
const notificationStore = createNotificationStore(database);

let lastId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);

const webhook = 'https://w.example/hook';
const put = (userId: number, contacts: Partial<Contacts>, secret = 'whsec_1') =>
  store.put(userId, { language: 'en', ...contacts }, secret);

/** The secrets that sign a message to the user's webhook. */
async function secretsOf(userId: number): Promise<readonly string[] | undefined> {
  const owed = { orderId: ++lastId, kind: 'reserved', userId } as const;
  const { mine } = await notificationStore.claim([owed], ['webhook'], 1_000);
  return mine[0]?.secrets;
}

const endOverlap = (userId: number) =>
  database.query(
    `UPDATE notification.contact SET webhook_secrets = (
       SELECT jsonb_agg(CASE WHEN one ? 'until' THEN one || jsonb_build_object('until', now()) ELSE one END)
       FROM jsonb_array_elements(webhook_secrets) AS one) WHERE user_id = $1`,
    [userId],
  );

afterAll(closeClients);

describe('contacts', () => {
  it('when put and put again, are those that were put last', async () => {
    const push = { endpoint: 'https://push.example', keys: { p256dh: 'p', auth: 'a' } };
    const userId = ++lastId;
    await put(userId, { email: 'a@example.com', push });
    expect(await store.get(userId)).toMatchObject({ email: 'a@example.com', push, language: 'en' });
    await put(userId, { phone: '+8210', language: 'ko' });
    expect(await store.get(userId)).toEqual({
      email: null,
      phone: '+8210',
      push: null,
      webhook: null,
      language: 'ko',
    });
  });

  it('when never put, are undefined', async () => {
    expect(await store.get(++lastId)).toBeUndefined();
  });

  it('when removed, are gone, also when removed again', async () => {
    const userId = ++lastId;
    await put(userId, { email: 'a@example.com' });
    await store.remove(userId);
    await store.remove(userId);
    expect(await store.get(userId)).toBeUndefined();
  });
});

describe('the secret of a webhook', () => {
  it('when the webhook is new, is used', async () => {
    const userId = ++lastId;
    expect(await put(userId, { webhook }, 'whsec_1')).toBe(true);
    expect(await secretsOf(userId)).toEqual(['whsec_1']);
  });

  it('when the webhook is put again unchanged, stays', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_1');
    expect(await put(userId, { webhook, language: 'ko' }, 'whsec_2')).toBe(false);
    expect(await secretsOf(userId)).toEqual(['whsec_1']);
  });

  it('when the webhook changes, is another, and the old one no longer signs', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_1');
    await store.renewSecret(userId, 'whsec_2');
    expect(await put(userId, { webhook: `${webhook}/2` }, 'whsec_3')).toBe(true);
    expect(await secretsOf(userId)).toEqual(['whsec_3']);
  });

  it('when there is no webhook, none is used or created', async () => {
    const userId = ++lastId;
    expect(await store.renewSecret(userId, 'whsec_1')).toBe(false);
    expect(await put(userId, { email: 'a@example.com' }, 'whsec_1')).toBe(false);
    expect(await store.renewSecret(userId, 'whsec_1')).toBe(false);
  });

  it('when the webhook is removed and put again, is another', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_1');
    await put(userId, {}, 'whsec_2');
    expect(await put(userId, { webhook }, 'whsec_3')).toBe(true);
    expect(await secretsOf(userId)).toEqual(['whsec_3']);
  });

  it('when a webhook was stored without one, the next put gives it one', async () => {
    const userId = ++lastId;
    await database.query('INSERT INTO notification.contact (user_id, webhook) VALUES ($1, $2)', [
      userId,
      webhook,
    ]);
    expect(await put(userId, { webhook }, 'whsec_1')).toBe(true);
  });

  it('when it is renewed, the old one signs alongside it for a day', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_1');
    expect(await store.renewSecret(userId, 'whsec_2')).toBe(true);
    expect(await secretsOf(userId)).toEqual(['whsec_2', 'whsec_1']);
    const [row] = await database.query<{ hours: number }>(
      `SELECT round(extract(epoch FROM (webhook_secrets -> 1 ->> 'until')::timestamptz - now()) / 3600)::int AS hours
       FROM notification.contact WHERE user_id = $1`,
      [userId],
    );
    expect(row).toEqual({ hours: 24 });
    await endOverlap(userId);
    expect(await secretsOf(userId)).toEqual(['whsec_2']);
  });

  it('when it is renewed again within the day, as by a repeated request, the first still signs', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_1');
    for (const secret of ['whsec_2', 'whsec_3']) await store.renewSecret(userId, secret);
    expect(await secretsOf(userId)).toEqual(['whsec_3', 'whsec_2', 'whsec_1']);
    await endOverlap(userId);
    await store.renewSecret(userId, 'whsec_4');
    expect(await secretsOf(userId)).toEqual(['whsec_4', 'whsec_3']);
  });

  it('when it is renewed very often, only the newest few sign', async () => {
    const userId = ++lastId;
    await put(userId, { webhook }, 'whsec_0');
    for (let number = 1; number <= 9; number += 1) await store.renewSecret(userId, `whsec_${number}`);
    expect(await secretsOf(userId)).toEqual(['whsec_9', 'whsec_8', 'whsec_7', 'whsec_6', 'whsec_5']);
  });
});
