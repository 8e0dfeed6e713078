import * as v from 'valibot';
import { identifierSchema } from '../../lib/contracts/order-item.ts';
import {
  type Readable,
  readable,
  readableHeader,
  type ReadableValue,
  readableValue,
  valueLimit,
} from '../../lib/kafka/readable.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore, type ShownDeadLetter } from './dead-letter-store.ts';
import { deadLetterInPath, operatorFunction } from './operator/operator-function.ts';
import { readRequest } from './operator/operator-request.ts';
import type { HistoryEntry } from './store/history.ts';

/** How much of the value is shown: all of it unless it is asked to be cut. */
export const shownValue = v.optional(v.picklist(['cut', 'whole'], 'must be cut or whole'), 'whole');

const requestSchema = v.strictObject({ id: identifierSchema, value: shownValue });

/** A dead letter as a person can read it. */
export type ReadableDeadLetter = Omit<ShownDeadLetter, 'key' | 'value' | 'headers'> & {
  /** Every failure of its record and every decision about it, the oldest first. */
  readonly history: readonly HistoryEntry[];
  readonly key: Readable | null;
  readonly value: ReadableValue | null;
  readonly headers: readonly ({ readonly name: string } & Readable)[];
};

/**
 * Shows one dead letter with its key, value, headers and history; null when there is none with this id.
 * @throws InvalidRequestError
 */
export function getDeadLetter({ store }: { readonly store: Pick<DeadLetterStore, 'find' | 'historyOf'> }) {
  return async (payload: unknown): Promise<ReadableDeadLetter | null> => {
    const { id, value: shown } = readRequest(payload, requestSchema);
    const found = await store.find(id);
    if (!found) return null;
    const { key, value, headers, ...rest } = found;
    return {
      ...rest,
      history: await store.historyOf(found),
      key: key && readable(key),
      value: value && readableValue(value, shown === 'cut' ? valueLimit : Infinity),
      headers: headers.map(readableHeader),
    };
  };
}

export const handler = operatorFunction(
  { scopes: ['operator:read'], payload: deadLetterInPath },
  getDeadLetter({ store: createDeadLetterStore(connectDatabase()) }),
);
