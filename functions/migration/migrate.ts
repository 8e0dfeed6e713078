import { steps } from 'deployed:migrations';
import { setting } from '../../lib/config.ts';
import { topics } from '../../lib/contracts/topics.ts';
import { functionEntry } from '../../lib/function-entry.ts';
import { cluster } from '../../lib/kafka/connect.ts';
import { createMissingTopics, type ProvidedTopics } from '../../lib/kafka/create-topics.ts';
import { logger } from '../../lib/logger.ts';
import type { Service } from '../../migrations/logins.ts';
import { adminDatabaseUrl } from './admin-database-url.ts';
import { migrateSchemas } from './migrate-schemas.ts';
import { bringLoginsUpToDate } from './service-logins.ts';

/** What an invocation changed, and could not change; every list is empty when all was up to date. */
export interface Changes {
  /** Steps of the schemas, as `<service>/<step>`. */
  readonly migrations: readonly string[];
  /** Services whose login to PostgreSQL was made or got the password of its secret. */
  readonly logins: readonly Service[];
  /** Topics that were created. */
  readonly topics: readonly string[];
  /** Topics whose partitions are not the stage's `kafkaPartitions`; only an operator can change that. */
  readonly partitionMismatches: ProvidedTopics['partitionMismatches'];
}

/** How to bring each part up to date; each returns what it changed. */
interface Dependencies {
  readonly schemas: () => Promise<Changes['migrations']>;
  readonly logins: () => Promise<Changes['logins']>;
  readonly topics: () => Promise<ProvidedTopics>;
}

/**
 * Brings the schemas, then the logins, whose rights are on the schemas' tables, and then the topics up to
 * date. An operator invokes it, since nothing outside the network reaches the database; invoked again, it
 * changes nothing.
 */
export function bringUpToDate(parts: Dependencies) {
  return async (): Promise<Changes> => {
    const migrations = await parts.schemas();
    const logins = await parts.logins();
    const { created, partitionMismatches } = await parts.topics();
    const changes = { migrations, logins, topics: created, partitionMismatches };
    logger.info('schemas, logins and topics are up to date', { ...changes });
    if (partitionMismatches.length > 0)
      logger.warn('topics have another number of partitions than kafkaPartitions', { partitionMismatches });
    return changes;
  };
}

export const handler = functionEntry(
  bringUpToDate({
    schemas: async () => migrateSchemas(await adminDatabaseUrl(), steps),
    logins: async () => bringLoginsUpToDate(await adminDatabaseUrl(), setting('LOGIN_SECRET_ARNS')),
    topics: () => createMissingTopics(cluster(), topics, setting('KAFKA_PARTITIONS')),
  }),
);
