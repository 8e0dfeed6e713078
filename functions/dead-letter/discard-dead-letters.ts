import { connectDatabase } from '../../lib/postgres/connect.ts';
import { markDeadLetters } from './actions/mark-dead-letters.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { fromBody, operatorFunction } from './operator/operator-function.ts';

/**
 * Closes new dead letters, or parked ones when their status is named: they are kept, but never sent again.
 */
export function discardDeadLetters({
  store,
}: {
  readonly store: Pick<DeadLetterStore, 'mark' | 'snapshot' | 'causes'>;
}) {
  return markDeadLetters(store, { action: 'DISCARD', from: ['NEW', 'PARKED'], status: 'DISCARDED' });
}

export const handler = operatorFunction(
  { scopes: ['operator:write'], payload: fromBody },
  discardDeadLetters({ store: createDeadLetterStore(connectDatabase()) }),
);
