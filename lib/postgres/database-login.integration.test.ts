import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SecretUnavailableError } from '../errors.ts';
import { closeClients } from '../local/stack/invoke-local.ts';
import { secretOf } from '../secrets.ts';
import { createDatabase } from './database.ts';

const server = process.env['DATABASE_URL'] ?? '';
const role = `rotated_${randomUUID().slice(0, 8)}`;
const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rotated-AbCdEf';
let admin: pg.Client;
let password: string;

/** The server as the role sees it, without a password. */
const connectionString = () => Object.assign(new URL(server), { username: role, password: '' }).href;
const readSecret = () => Promise.resolve(JSON.stringify({ username: role, password }));

/** Gives the role another password, in PostgreSQL and its secret, and ends its sessions, as time would. */
async function rotate(): Promise<void> {
  password = randomUUID();
  await admin.query(`ALTER ROLE ${role} PASSWORD '${password}'`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);
}

beforeAll(async () => {
  admin = new pg.Client({ connectionString: server });
  await admin.connect();
  password = randomUUID();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
});
afterAll(async () => {
  await closeClients();
  await admin.query(`DROP ROLE ${role}`);
  await admin.end();
});

describe('a database whose password is in a secret', () => {
  it('when the password is rotated, then a warm container continues with the new one on the first try', async () => {
    const database = createDatabase(connectionString(), secretOf(arn, readSecret));
    const currentUser = () => database.transaction((one) => one.query('SELECT current_user'));
    expect(await currentUser()).toEqual([{ current_user: role }]);
    await rotate();
    expect(await currentUser()).toEqual([{ current_user: role }]);
  });

  it('when the secret has another password than PostgreSQL, then that is an infrastructure failure and says so', async () => {
    const stale = () => Promise.resolve(JSON.stringify({ username: role, password: 'stale' }));
    const database = createDatabase(connectionString(), secretOf(arn, stale));
    await expect(database.query('SELECT 1')).rejects.toMatchObject({
      code: 'OPENORDER_DATABASE_LOGIN_REFUSED',
      disposition: 'infrastructure',
    });
  });

  it("when the secret cannot be read, then the error is the secret's", async () => {
    const refused = () => Promise.reject(new SecretUnavailableError('AccessDeniedException'));
    const database = createDatabase(connectionString(), secretOf(arn, refused));
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'OPENORDER_SECRET_UNAVAILABLE' });
  });
});
