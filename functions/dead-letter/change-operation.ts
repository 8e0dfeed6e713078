import * as v from 'valibot';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { OperationOverError } from './errors.ts';
import { type OperationState, wantedStates } from './operation.ts';
import { operationInPathWithBody, operatorFunction } from './operator/operator-function.ts';
import { operatorFields, readRequest } from './operator/operator-request.ts';

const requestSchema = v.strictObject({
  id: v.pipe(v.string(), v.uuid()),
  state: v.picklist(wantedStates),
  ...operatorFields,
});

/** The state of an operation after the change. */
export interface ChangedOperation {
  readonly operationId: string;
  readonly state: OperationState;
}

/**
 * Pauses a redrive, resumes it or stops it permanently, no matter who started it; null when there is no such
 * operation.
 * @throws InvalidRequestError, or OperationOverError when it has ended
 */
export function changeOperation({
  store,
}: {
  readonly store: Pick<DeadLetterStore, 'findOperation' | 'changeState'>;
}) {
  return async (payload: unknown): Promise<ChangedOperation | null> => {
    const { id, state } = readRequest(payload, requestSchema);
    if (await store.changeState(id, state)) return { operationId: id, state };
    const found = await store.findOperation(id);
    if (!found) return null;
    throw new OperationOverError(`The operation is over: it is ${found.state}.`);
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:write'], payload: operationInPathWithBody },
  changeOperation({ store: createDeadLetterStore(connectDatabase()) }),
);
