import { setting } from '../../lib/config.ts';
import { type Secret, secretOf } from '../../lib/secrets.ts';
import { urlAs } from '../../migrations/logins.ts';

/**
 * The database's URL with the login that may change schemas and create logins: user and password of the
 * secret that `DATABASE_SECRET_ARN` names; without one, those of `DATABASE_URL`.
 * @throws SecretUnavailableError or ConfigurationError
 */
export async function adminDatabaseUrl(): Promise<string> {
  const secretArn = setting('DATABASE_SECRET_ARN');
  return await asAdmin(setting('DATABASE_URL'), secretArn === undefined ? undefined : secretOf(secretArn));
}

/** The URL with the user and the password that a secret holds; without a secret the URL unchanged. */
export async function asAdmin(databaseUrl: string, secret?: Secret): Promise<string> {
  if (!secret) return databaseUrl;
  const { username = '', password = '' } = await secret.read();
  return urlAs(databaseUrl, username, password);
}
