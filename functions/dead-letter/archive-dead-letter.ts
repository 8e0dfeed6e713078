import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { toDeadLetter } from './dead-letter.ts';

/**
 * Files every record of the dead-letter topics, each once. There are no dead letters of dead letters: what cannot be filed fails the
 * invocation, and the trigger delivers it again.
 */
export function archiveDeadLetter({ store }: { readonly store: Pick<DeadLetterStore, 'archive'> }) {
  return async (records: readonly KafkaRecord[]): Promise<{ archived: number }> => ({
    archived: await store.archive(records.map(toDeadLetter)),
  });
}

export const handler = kafkaFunction(archiveDeadLetter({ store: createDeadLetterStore(connectDatabase()) }));
