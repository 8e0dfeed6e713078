import type { ServiceDatabaseUrls } from './database.ts';
import type { Addresses } from './invoke-local.ts';
import { type CallersEnvironment, openLaptop, unlessNamed } from './issuer/callers.ts';
import type { Serverless } from './serverless.ts';

/**
 * Gives the functions and the triggers the addresses of the stack, and sets whom to let in. A function gets
 * only what serverless.yml gives it a setting for, and the database login of its service.
 */
export function provideAddresses({ service }: Serverless, addresses: Addresses): void {
  for (const definition of Object.values(service.functions)) {
    const { environment } = definition;
    if (environment === undefined) continue;
    const ofStack = settingsOfStack(addresses, serviceOf(definition.handler));
    definition.environment = {
      ...environment,
      ...existing(environment, ofStack),
      ...callersFor(environment, addresses.callers),
    };
  }
  const triggers = { ...service.custom?.['kafkaEventSourceMapping'], bootstrapServers: addresses.brokers };
  service.custom = { ...service.custom, kafkaEventSourceMapping: triggers };
}

type Environment = Readonly<Record<string, unknown>>;

function settingsOfStack(addresses: Addresses, service: keyof ServiceDatabaseUrls): Environment {
  const { brokers, databaseUrl, serviceDatabaseUrls, smtpUrl, mailUrl = '' } = addresses;
  return {
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_SECRET_ARN: '', // the local Kafka requires no login
    DATABASE_URL: serviceDatabaseUrls?.[service] ?? databaseUrl,
    DATABASE_SECRET_ARN: '', // and the URL contains the password
    LOGIN_SECRET_ARNS: '', // the stack has provided the services' logins
    SMTP_URL: smtpUrl,
    SMTP_SECRET_ARN: '',
    MAIL_URL: mailUrl,
  };
}

/** Those variables of `given` that the function has a setting for. */
function existing(environment: Environment, given: Environment): Environment {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in environment));
}

/** A function without an issuer does not authenticate callers. */
function callersFor(environment: Environment, callers: CallersEnvironment = openLaptop): Environment {
  if (!('AUTH_ISSUER' in environment)) return {};
  return unlessNamed(environment, callers);
}

/** The folder that a handler is in: `functions/order/create-order.handler` belongs to `order`. */
function serviceOf(handler: string): keyof ServiceDatabaseUrls {
  return handler.split('/')[1] as keyof ServiceDatabaseUrls;
}
