import * as v from 'valibot';
import { toPage } from '../../lib/page.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import {
  type Cause,
  createDeadLetterStore,
  type DeadLetterStore,
  type ListedDeadLetter,
  totalOf,
} from './dead-letter-store.ts';
import { fromQuery, operatorFunction } from './operator/operator-function.ts';
import { readRequest } from './operator/operator-request.ts';
import { selectionFields } from './operator/selection.ts';

const requestSchema = v.strictObject({
  ...selectionFields,
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 20),
  cursor: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/, 'Expected a cursor that this function gave')),
  ),
});

interface Dependencies {
  readonly store: Pick<DeadLetterStore, 'list' | 'causes'>;
}

/** Dead letters by cause, and a page of them. */
export interface DeadLetterList {
  readonly total: number;
  /** How many failed for the same reason, the most frequent first. */
  readonly causes: readonly Cause[];
  /** Newest first. */
  readonly deadLetters: readonly ListedDeadLetter[];
  readonly nextCursor?: string;
}

/** Shows what failed and why, for an operator. @throws InvalidRequestError */
export function listDeadLetters({ store }: Dependencies) {
  return async (payload: unknown): Promise<DeadLetterList> => {
    const { limit, cursor, ...selection } = readRequest(payload, requestSchema);
    const causes = await store.causes(selection);
    const found = await store.list(selection, cursor === undefined ? undefined : Number(cursor), limit + 1);
    const { rows: deadLetters, next } = toPage(found, limit, ({ deadLetterId }) => String(deadLetterId));
    return { total: totalOf(causes), causes, deadLetters, ...next };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:read'], payload: fromQuery },
  listDeadLetters({ store: createDeadLetterStore(connectDatabase()) }),
);
