import * as v from 'valibot';
import { identifierText } from '../../lib/edge.ts';
import { cursorText, toCursor, toPage } from '../../lib/page.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore } from './dead-letter-store.ts';
import { operationFilterFields } from './operator/operation-filter.ts';
import { fromQuery, operatorFunction } from './operator/operator-function.ts';
import { readRequest } from './operator/operator-request.ts';
import type { LoggedOperation } from './store/operation-log.ts';

const requestSchema = v.strictObject({
  ...operationFilterFields,
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 20),
  cursor: v.exactOptional(cursorText(identifierText)),
});

/** A page of the audit trail. */
export interface OperationList {
  /** Newest first. */
  readonly operations: readonly LoggedOperation[];
  readonly nextCursor?: string;
}

/** Shows who did what with dead letters, and by what means. @throws InvalidRequestError */
export function listOperations({ store }: { readonly store: Pick<DeadLetterStore, 'listOperations'> }) {
  return async (payload: unknown): Promise<OperationList> => {
    const { limit, cursor = Number.MAX_SAFE_INTEGER, ...filter } = readRequest(payload, requestSchema);
    const found = await store.listOperations(filter, cursor, limit + 1);
    const { rows, next } = toPage(found, limit, ({ number }) => toCursor(number));
    return { operations: rows.map(({ operation }) => operation), ...next };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:read'], payload: fromQuery },
  listOperations({ store: createDeadLetterStore(connectDatabase()) }),
);
