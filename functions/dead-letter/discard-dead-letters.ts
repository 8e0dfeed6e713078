import { functionEntry } from '../../lib/function-entry.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { markDeadLetters } from './mark-dead-letters.ts';

/** Closes new dead letters, or parked ones when their status is named: they are kept, but never sent again. */
export function discardDeadLetters({ store }: { readonly store: Pick<DeadLetterStore, 'mark' | 'count'> }) {
  return markDeadLetters(store, { action: 'DISCARD', from: ['NEW', 'PARKED'], status: 'DISCARDED' });
}

export const handler = functionEntry(discardDeadLetters({ store: createDeadLetterStore(connectDatabase()) }));
