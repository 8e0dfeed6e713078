import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { createContactStore } from './contact-store.ts';

const store = createContactStore(createDatabase(process.env['DATABASE_URL'] ?? ''));

let lastId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);

afterAll(closeClients);

describe('contacts', () => {
  it('when put and put again, are those that were put last', async () => {
    const push = { endpoint: 'https://push.example', keys: { p256dh: 'p', auth: 'a' } };
    const userId = ++lastId;
    await store.put(userId, { email: 'a@example.com', push, language: 'en' });
    expect(await store.get(userId)).toMatchObject({ email: 'a@example.com', push, language: 'en' });
    await store.put(userId, { phone: '+8210', language: 'ko' });
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
});
