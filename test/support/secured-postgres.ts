import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { runToEnd } from '../../lib/local/stack/child-process.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { findAccount, giveTo } from '../../lib/local/stack/postgres-account.ts';
import { startPostgres } from '../../lib/local/stack/postgres.ts';
import { waitFor } from './wait.ts';

/** A PostgreSQL that accepts only TLS connections, as one of RDS with `rds.force_ssl` does. */
export interface SecuredPostgres {
  /** As its administrator, over TLS that verifies the server. */
  readonly databaseUrl: string;
  readonly port: number;
  /** The file of the authority that signed the server's certificate, which is only for `localhost`. */
  readonly authority: string;
  stop(): Promise<void>;
}

/** Starts it with its own authority. Needs `openssl`. */
export async function startSecuredPostgres(): Promise<SecuredPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-secured-'));
  await chmod(directory, 0o755); // PostgreSQL may run as another account
  const port = await freePort();
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), port });
  await makeCertificates(directory);
  await requireTls(postgres.databaseUrl, directory);
  const authority = join(directory, 'authority.pem');
  const url = new URL(postgres.databaseUrl);
  url.hostname = 'localhost';
  url.search = `sslmode=verify-full&sslrootcert=${authority}`;
  return {
    databaseUrl: url.href,
    port,
    authority,
    async stop() {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function makeCertificates(directory: string): Promise<void> {
  const openssl = (...args: string[]) => runToEnd('openssl', args, { cwd: directory });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'authority.key', '-out', 'authority.pem'],
    ...['-days', '2', '-subj', '/CN=OpenOrder test authority'],
  );
  await openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  await writeFile(join(directory, 'names'), 'subjectAltName=DNS:localhost\n');
  const authority = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial'];
  await openssl(
    ...['x509', '-req', '-in', 'server.csr', ...authority],
    ...['-days', '2', '-extfile', 'names', '-out', 'server.crt'],
  );
}

/** https://www.postgresql.org/docs/18/ssl-tcp.html */
async function requireTls(databaseUrl: string, directory: string): Promise<void> {
  const data = join(directory, 'postgres', 'data');
  const account = await findAccount();
  for (const name of ['server.key', 'server.crt']) {
    const file = join(data, name);
    await writeFile(file, await readFile(join(directory, name)), { mode: 0o600 });
    await giveTo(account, file);
  }
  await writeFile(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  await waitFor(() => refusesPlain(databaseUrl), { deadlineMs: 10_000, what: 'PostgreSQL to require TLS' });
}

async function refusesPlain(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    return false;
  } catch (error) {
    return (error as { code?: string }).code === '28000';
  } finally {
    await client.end();
  }
}
