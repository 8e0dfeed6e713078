import { ConfigurationError } from '../../lib/errors.ts';
import { type Secret, secretOf } from '../../lib/secrets.ts';
import { logins, provideLogins, renewGrants, type Service } from '../../migrations/logins.ts';

/**
 * Gives each service's login the password of its secret, and its rights. Without secrets, as on a laptop, the
 * logins keep their passwords.
 * @param secretArns by service; undefined when there are none
 * @returns the services whose login was made or got another password
 * @throws ConfigurationError when a service has no secret; SecretUnavailableError
 */
export async function bringLoginsUpToDate(
  databaseUrl: string,
  secretArns: Readonly<Record<string, string>> | undefined,
  secret: (arn: string) => Pick<Secret, 'read'> = secretOf,
): Promise<Service[]> {
  if (secretArns === undefined) {
    await renewGrants(databaseUrl);
    return [];
  }
  const passwords = await passwordsIn(secretArns, secret);
  return await provideLogins(databaseUrl, (service) => passwords[service]);
}

async function passwordsIn(
  secretArns: Readonly<Record<string, string>>,
  secret: (arn: string) => Pick<Secret, 'read'>,
): Promise<Record<Service, string>> {
  const services = Object.keys(logins) as Service[];
  const read = services.map(async (service) => {
    const arn = secretArns[service];
    if (arn === undefined)
      throw new ConfigurationError(`Set LOGIN_SECRET_ARNS: ${service} has no secret in it.`);
    const { password } = await secret(arn).read();
    if (!password)
      throw new ConfigurationError(`Secret ${arn} holds no password for the service ${service}.`);
    return [service, password] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Record<Service, string>;
}
