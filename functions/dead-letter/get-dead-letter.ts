import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import { functionEntry } from '../../lib/function-entry.ts';
import type { Header } from '../../lib/kafka/records.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { createDeadLetterStore, type DeadLetterStore, type ShownDeadLetter } from './dead-letter-store.ts';
import { readRequest } from './operator-request.ts';

const requestSchema = v.strictObject({ id: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** Bytes as a person can read them: text when they are UTF-8, else base64. */
export type Readable = { readonly text: string } | { readonly base64: string };

/** A dead letter as a person can read it. */
export type ReadableDeadLetter = Omit<ShownDeadLetter, 'key' | 'value' | 'headers'> & {
  readonly key: Readable | null;
  readonly value: Readable | null;
  readonly headers: readonly ({ readonly name: string } & Readable)[];
};

/** Shows one dead letter with its key, value and headers; null when there is none with this id. @throws InvalidRequestError */
export function getDeadLetter({ store }: { readonly store: Pick<DeadLetterStore, 'find'> }) {
  return async (payload: unknown): Promise<ReadableDeadLetter | null> => {
    const { id } = readRequest(payload, requestSchema);
    const found = await store.find(id);
    if (!found) return null;
    const { key, value, headers, ...rest } = found;
    return {
      ...rest,
      key: key && readable(key),
      value: value && readable(value),
      headers: headers.map(shownHeader),
    };
  };
}

/** Spring's numbers: 4 or 8 bytes, big-endian. */
const numeric = /^kafka_(dlt-)?original-(partition|offset|timestamp)$/;

function shownHeader({ name, value }: Header) {
  if (numeric.test(name) && value.length === 4) return { name, text: String(value.readInt32BE()) };
  if (numeric.test(name) && value.length === 8) return { name, text: String(value.readBigInt64BE()) };
  return { name, ...readable(value) };
}

function readable(bytes: Buffer): Readable {
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

export const handler = functionEntry(getDeadLetter({ store: createDeadLetterStore(connectDatabase()) }));
