import { type SecuredPostgres, startSecuredPostgres } from '../../test/support/secured-postgres.ts';
import { closeClients } from '../local/stack/invoke-local.ts';
import { createDatabase } from './database.ts';

let postgres: SecuredPostgres;

beforeAll(async () => {
  postgres = await startSecuredPostgres();
}, 60_000);
afterAll(async () => {
  await closeClients();
  await postgres.stop();
});

/** The database's URL with other parameters, or under another name. */
function url(parameters: Readonly<Record<string, string>>, hostname = 'localhost'): string {
  const changed = Object.assign(new URL(postgres.databaseUrl), { hostname });
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed.href;
}

describe('a database that requires TLS', () => {
  it('when its certificate is for its name, by the authority of sslrootcert, then statements go over TLS', async () => {
    const database = createDatabase(url({}));
    const find = 'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    expect(await database.query(find)).toEqual([{ ssl: true, version: 'TLSv1.3' }]);
  });

  it('when it is reached by a name that its certificate lacks, then nothing is sent to it', async () => {
    await expect(createDatabase(url({}, '127.0.0.1')).query('SELECT 1')).rejects.toMatchObject({
      code: 'OPENORDER_DATABASE_UNAVAILABLE',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  it('when no trusted authority signed its certificate, then nothing is sent to it', async () => {
    const trustingOthers = new URL(url({}));
    trustingOthers.searchParams.delete('sslrootcert');
    await expect(createDatabase(trustingOthers.href).query('SELECT 1')).rejects.toMatchObject({
      code: 'OPENORDER_DATABASE_UNAVAILABLE',
      cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    });
  });

  it('when the file of sslrootcert is missing, then the error names it', () => {
    expect(() => createDatabase(url({ sslrootcert: '/nowhere/ca.pem' }))).toThrow(
      'Set DATABASE_URL: the certificates in /nowhere/ca.pem cannot be read (ENOENT).',
    );
  });
});
