import type { ServiceDatabaseUrls } from './database.ts';
import type { Addresses } from './invoke-local.ts';
import { openLaptop, unlessNamed } from './issuer/callers.ts';
import type { Serverless } from './serverless.ts';

/**
 * Tells the functions and the triggers where everything is and whom to let in; each function gets the
 * database login of its service.
 */
export function provideAddresses({ service }: Serverless, addresses: Addresses): void {
  const {
    brokers,
    databaseUrl,
    serviceDatabaseUrls,
    smtpUrl,
    mailUrl = '',
    callers = openLaptop,
  } = addresses;
  service.provider.environment = {
    ...service.provider.environment,
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_SECRET_ARN: '', // a laptop's Kafka asks for no login
    DATABASE_URL: databaseUrl,
    DATABASE_SECRET_ARN: '', // and the URL holds the password
    SMTP_URL: smtpUrl,
    MAIL_URL: mailUrl,
    ...unlessNamed(service.provider.environment, callers),
  };
  for (const definition of Object.values(service.functions)) {
    const ofService = serviceDatabaseUrls?.[serviceOf(definition.handler)];
    if (ofService !== undefined)
      definition.environment = { ...definition.environment, DATABASE_URL: ofService };
  }
  const triggers = { ...service.custom?.['kafkaEventSourceMapping'], bootstrapServers: brokers };
  service.custom = { ...service.custom, kafkaEventSourceMapping: triggers };
}

/** The folder that a handler is in: `functions/order/create-order.handler` belongs to `order`. */
function serviceOf(handler: string): keyof ServiceDatabaseUrls {
  return handler.split('/')[1] as keyof ServiceDatabaseUrls;
}
