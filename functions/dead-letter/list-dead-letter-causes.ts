import * as v from 'valibot';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore, totalOf } from './dead-letter-store.ts';
import type { DeadLetterList } from './list-dead-letters.ts';
import { fromQuery, operatorFunction } from './operator/operator-function.ts';
import { readRequest } from './operator/operator-request.ts';
import { selectionFields } from './operator/selection.ts';

const requestSchema = v.strictObject(selectionFields);

/** Counts what failed by its cause, for an operator. @throws InvalidRequestError */
export function listDeadLetterCauses({ store }: { readonly store: Pick<DeadLetterStore, 'causes'> }) {
  return async (payload: unknown): Promise<Pick<DeadLetterList, 'total' | 'causes'>> => {
    const causes = await store.causes(readRequest(payload, requestSchema));
    return { total: totalOf(causes), causes };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:read'], payload: fromQuery },
  listDeadLetterCauses({ store: createDeadLetterStore(connectDatabase()) }),
);
