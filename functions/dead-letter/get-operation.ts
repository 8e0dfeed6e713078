import * as v from 'valibot';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { toRedriveCursor } from './actions/redrive-cursor.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { isUnderWay } from './operation.ts';
import { operationInPath, operatorFunction } from './operator/operator-function.ts';
import { operatorFields, readRequest } from './operator/operator-request.ts';
import type { ShownOperation } from './store/operation-log.ts';

const requestSchema = v.strictObject({ id: v.pipe(v.string(), v.uuid()), ...operatorFields });

/** An operation, and how to continue it while it is in progress. */
export type FoundOperation = Omit<ShownOperation, 'throughId'> & { readonly nextCursor?: string };

/**
 * Shows one operation; null when there is none with this id. With the `nextCursor` of one that is under way,
 * anybody may go on with it.
 * @throws InvalidRequestError
 */
export function getOperation({ store }: { readonly store: Pick<DeadLetterStore, 'findOperation'> }) {
  return async (payload: unknown): Promise<FoundOperation | null> => {
    const { id } = readRequest(payload, requestSchema);
    const found = await store.findOperation(id);
    if (!found) return null;
    const { throughId, ...operation } = found;
    if (!isUnderWay(operation.state)) return operation;
    return {
      ...operation,
      nextCursor: toRedriveCursor({ operationId: id, afterId: 0, throughId: throughId ?? 0 }),
    };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:read'], payload: operationInPath },
  getOperation({ store: createDeadLetterStore(connectDatabase()) }),
);
