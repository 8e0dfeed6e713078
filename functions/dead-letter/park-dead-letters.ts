import { connectDatabase } from '../../lib/postgres/connect.ts';
import { markDeadLetters } from './actions/mark-dead-letters.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { fromBody, operatorFunction } from './operator/operator-function.ts';

/**
 * Lays new dead letters aside, so that no bulk redrive takes them; or takes discarded ones back, when their
 * status is named.
 */
export function parkDeadLetters({
  store,
}: {
  readonly store: Pick<DeadLetterStore, 'mark' | 'snapshot' | 'causes'>;
}) {
  return markDeadLetters(store, { action: 'PARK', from: ['NEW', 'DISCARDED'], status: 'PARKED' });
}

export const handler = operatorFunction(
  { scopes: ['operator:write'], payload: fromBody },
  parkDeadLetters({ store: createDeadLetterStore(connectDatabase()) }),
);
