import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { NotUndoableError } from './errors.ts';
import { operationInPath, operatorFunction } from './operator/operator-function.ts';
import { operatorFields, readRequest } from './operator/operator-request.ts';

const requestSchema = v.strictObject({ id: v.pipe(v.string(), v.uuid()), ...operatorFields });

/** The result of an undo, which is an operation itself. */
export interface Undone {
  readonly operationId: string;
  readonly undone: string;
  readonly changed: number;
}

/**
 * Gives the dead letters that an operation parked or discarded the status they had before. Those that another
 * operation has changed since stay as they are, so doing it twice does no harm. Null when there is no such
 * operation.
 * @throws InvalidRequestError, or NotUndoableError for a redrive: what was sent is sent
 */
export function undoOperation({ store }: { readonly store: Pick<DeadLetterStore, 'findAction' | 'undo'> }) {
  return async (payload: unknown): Promise<Undone | null> => {
    const { id, operator = 'unknown', source = 'api' } = readRequest(payload, requestSchema);
    const action = await store.findAction(id);
    if (action === undefined) return null;
    if (action !== 'PARK' && action !== 'DISCARD') {
      throw new NotUndoableError(`Only parking and discarding can be undone; this operation is a ${action}.`);
    }
    const operation = {
      operationId: randomUUID(),
      action: 'UNDO' as const,
      operator,
      source,
      request: { id },
    };
    const changed = await store.undo(operation, id);
    return { operationId: operation.operationId, undone: id, changed };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:write'], payload: operationInPath },
  undoOperation({ store: createDeadLetterStore(connectDatabase()) }),
);
