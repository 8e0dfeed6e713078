import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { toDeadLetter } from './dead-letter.ts';

/**
 * Files every record of the dead-letter topics, each once. There are no dead letters of dead letters: what
 * cannot be filed fails the invocation once the rest is filed, and the trigger delivers it again.
 * @throws InvalidRecordError for a record that lacks what identifies it
 */
export function archiveDeadLetter({ store }: { readonly store: Pick<DeadLetterStore, 'archive'> }) {
  return async (records: readonly KafkaRecord[]): Promise<{ archived: number }> => {
    const readable = records.filter(({ fault }) => !fault);
    const archived = await store.archive(readable.map(toDeadLetter));
    const odd = records.find(({ fault }) => fault);
    if (odd?.fault) throw odd.fault;
    return { archived };
  };
}

export const handler = kafkaFunction(archiveDeadLetter({ store: createDeadLetterStore(connectDatabase()) }));
