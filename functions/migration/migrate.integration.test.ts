import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLevel } from 'kafkajs';
import pg from 'pg';
import { readSteps } from '../../bundler/deployed-migrations.ts';
import { SecretUnavailableError } from '../../lib/errors.ts';
import { createMissingTopics } from '../../lib/kafka/create-topics.ts';
import { createKafka, withAdmin } from '../../lib/kafka/kafkajs/index.ts';
import { secretOf } from '../../lib/secrets.ts';
import { logins, type Service, urlAs } from '../../migrations/logins.ts';
import { asAdmin } from './admin-database-url.ts';
import { bringUpToDate } from './migrate.ts';
import { migrateSchemas } from './migrate-schemas.ts';
import { bringLoginsUpToDate } from './service-logins.ts';

const server = process.env['DATABASE_URL'] ?? '';
const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const database = `migrate_${randomBytes(6).toString('hex')}`;
const databaseUrl = Object.assign(new URL(server), { pathname: `/${database}` }).href;
const services = Object.keys(logins) as Service[];
const topics = [`new-${randomUUID()}`, `new-${randomUUID()}.DLT`];
const arnOf = (service: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${service}-AbCdEf`;
const secretArns = Object.fromEntries(services.map((service) => [service, arnOf(service)]));

/** The services' secrets by ARN; a test may rotate them. */
const passwords = new Map(services.map((service) => [arnOf(service), randomUUID() as string]));
const secret = (arn: string) =>
  secretOf(arn, () => Promise.resolve(JSON.stringify({ password: passwords.get(arn) })));

const upToDate = bringUpToDate({
  schemas: () => migrateSchemas(databaseUrl, readSteps()),
  logins: () => bringLoginsUpToDate(databaseUrl, secretArns, secret),
  topics: () => createMissingTopics({ brokers }, topics, 5),
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function partitionsOf(names: readonly string[]): Promise<number[]> {
  const { topics: found } = await withAdmin(createKafka({ brokers, logLevel: logLevel.NOTHING }), (admin) =>
    admin.fetchTopicMetadata({ topics: [...names] }),
  );
  return found.map(({ partitions }) => partitions.length);
}

const logIn = (service: Service) =>
  query(urlAs(databaseUrl, logins[service].role, passwords.get(arnOf(service)) ?? ''), 'SELECT current_user');

beforeAll(() => query(server, `CREATE DATABASE ${database}`));
afterAll(() => query(server, `DROP DATABASE ${database} WITH (FORCE)`), 60_000);

describe('migrate', () => {
  it('when nothing exists, then it creates schemas, logins and topics, and says which', async () => {
    const changes = await upToDate();
    expect(changes.migrations).toEqual(readSteps().map(({ file }) => file.replace('.sql', '')));
    expect(changes.logins).toEqual(services);
    expect(changes.topics).toEqual(topics);
    expect(await partitionsOf(topics)).toEqual([5, 5]);
    for (const service of services) await expect(logIn(service)).resolves.toHaveLength(1);
  });

  it('when everything is up to date, then it changes nothing, even when run twice at once', async () => {
    const nothing = { migrations: [], logins: [], topics: [], partitionMismatches: [] };
    expect(await Promise.all([upToDate(), upToDate()])).toEqual([nothing, nothing]);
  });

  it("when a service's secret has another password, then its login gets it, and no other", async () => {
    passwords.set(arnOf('inventory'), randomUUID());
    await expect(logIn('inventory')).rejects.toMatchObject({ code: '28P01' });
    expect(await upToDate()).toMatchObject({ logins: ['inventory'] });
    await expect(logIn('inventory')).resolves.toHaveLength(1);
  });

  it('when there are no secrets, as on a laptop, then a new table is granted and no password changes', async () => {
    await query(databaseUrl, 'CREATE TABLE orders.extra (id bigint)');
    expect(await bringLoginsUpToDate(databaseUrl, undefined)).toEqual([]);
    const url = urlAs(databaseUrl, logins.order.role, passwords.get(arnOf('order')) ?? '');
    await expect(query(url, 'SELECT * FROM orders.extra')).resolves.toEqual([]);
  });

  it('when a service has no secret, or one without a password, then the error names it, and nothing changes', async () => {
    const { order, ...others } = secretArns;
    await expect(bringLoginsUpToDate(databaseUrl, others, secret)).rejects.toMatchObject({
      code: 'OPENORDER_CONFIGURATION',
      message: expect.stringContaining('order has no secret') as string,
    });
    const empty = () => secretOf(order ?? '', () => Promise.resolve('{"username":"someone"}'));
    await expect(bringLoginsUpToDate(databaseUrl, secretArns, empty)).rejects.toMatchObject({
      code: 'OPENORDER_CONFIGURATION',
    });
    const refused = () => secretOf('', () => Promise.reject(new SecretUnavailableError('AccessDenied')));
    await expect(bringLoginsUpToDate(databaseUrl, secretArns, refused)).rejects.toMatchObject({
      code: 'OPENORDER_SECRET_UNAVAILABLE',
    });
  });

  it('when a topic has another number of partitions, then it is left as it is and named', async () => {
    const [topic = ''] = topics;
    expect(await createMissingTopics({ brokers }, [topic], 8)).toEqual({
      created: [],
      partitionMismatches: [{ topic, partitions: 5 }],
    });
    expect(await partitionsOf([topic])).toEqual([5]);
  });

  it('when no broker answers, then the error says what to check', async () => {
    await expect(createMissingTopics({ brokers: ['127.0.0.1:1'] }, topics, 5)).rejects.toMatchObject({
      code: 'OPENORDER_TOPICS_NOT_CREATED',
      message: expect.stringContaining('check that the brokers can be reached') as string,
    });
  });

  it('when a step fails, then the error is the database’s, and no file is left behind', async () => {
    const before = process.env['TMPDIR'];
    const folder = await mkdtemp(join(tmpdir(), 'openorder-steps-'));
    process.env['TMPDIR'] = folder;
    const broken = [...readSteps(), { file: 'order/9_broken.sql', sql: '-- Up Migration\nSELECT nonsense;' }];
    await expect(migrateSchemas(databaseUrl, broken)).rejects.toMatchObject({ code: '42703' });
    expect(await readdir(folder)).toEqual([]);
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
});

describe('the login of the administrator', () => {
  it("when it is in a secret, then the URL gets that secret's user and password, and keeps the rest", async () => {
    const login = secretOf('', () => Promise.resolve('{"username":"root","password":"p/w"}'));
    const url = 'postgres://db.example:5432/openorder?sslmode=verify-full';
    expect(await asAdmin(url, login)).toBe(
      'postgres://root:p%2Fw@db.example:5432/openorder?sslmode=verify-full',
    );
  });

  it('when there is no secret, then the URL stays as it is', async () => {
    expect(await asAdmin(databaseUrl)).toBe(databaseUrl);
  });
});
