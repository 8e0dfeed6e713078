import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { InvalidRequestError } from './errors.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';
import type { Status } from './dead-letter.ts';
import type { Action } from './operation.ts';
import { operatorField, readRequest, selectionFields } from './operator-request.ts';

/** Which statuses an action takes, by default the first, and which it gives. */
interface Marking {
  readonly action: Action;
  readonly from: readonly [Status, ...Status[]];
  readonly status: Status;
}

/** What a marking did, or would do. */
export interface Marked {
  readonly operationId?: string;
  readonly matching: number;
  readonly changed: number;
}

/**
 * Gives dead letters a status that an operator chose, and remembers who did.
 * @throws InvalidRequestError when no condition is named
 */
export function markDeadLetters(
  store: Pick<DeadLetterStore, 'mark' | 'count'>,
  { action, from, status }: Marking,
) {
  const requestSchema = v.strictObject({
    ...selectionFields,
    ...operatorField,
    status: v.optional(v.picklist(from), from[0]),
    dryRun: v.optional(v.boolean(), false),
  });
  return async (payload: unknown): Promise<Marked> => {
    const { operator = 'unknown', dryRun, ...selection } = readRequest(payload, requestSchema);
    // The status is always there.
    if (Object.keys(selection).length === 1) {
      throw new InvalidRequestError('Name the dead letters by ids, topic, exception or another condition.');
    }
    if (dryRun) return { matching: await store.count(selection), changed: 0 };
    const operation = { operationId: randomUUID(), action, operator, request: selection };
    const changed = await store.mark(operation, selection, status);
    return { operationId: operation.operationId, matching: changed, changed };
  };
}
