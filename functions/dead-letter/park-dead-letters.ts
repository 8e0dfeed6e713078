import { functionEntry } from '../../lib/function-entry.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { markDeadLetters } from './mark-dead-letters.ts';

/** Lays new dead letters aside, so that no bulk redrive takes them; or takes discarded ones back, when their status is named. */
export function parkDeadLetters({ store }: { readonly store: Pick<DeadLetterStore, 'mark' | 'count'> }) {
  return markDeadLetters(store, { action: 'PARK', from: ['NEW', 'DISCARDED'], status: 'PARKED' });
}

export const handler = functionEntry(parkDeadLetters({ store: createDeadLetterStore(connectDatabase()) }));
