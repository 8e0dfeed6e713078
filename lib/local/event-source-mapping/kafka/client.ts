import kafkajs, { logLevel, type Admin, type Kafka } from 'kafkajs';
import type { Log } from '../host/serverless.ts';
import type { Settings } from '../host/settings.ts';
import { registerCodecs } from './codecs.ts';
import { applyKafkaJsFixes } from './kafkajs-fixes.ts';

registerCodecs();
applyKafkaJsFixes();

/** A client whose log goes to the framework's debug output; the mapping reports what matters. */
export function createKafka(brokers: readonly string[], settings: Settings, log: Log): Kafka {
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId: 'event-source-mapping',
    connectionTimeout: 3000,
    // A broker that was down is found within a second of its return.
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => {
      log.debug(`kafkajs ${entry.namespace}: ${entry.log.message}`);
    },
    ...(settings.ssl === undefined ? {} : { ssl: settings.ssl }),
    ...(settings.sasl === undefined ? {} : { sasl: settings.sasl }),
  });
}

/** Runs `work` with a new admin client: kafkajs caches a topic's metadata for five minutes. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
