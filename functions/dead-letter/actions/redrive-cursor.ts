import * as v from 'valibot';
import type { Range } from '../store/selection-condition.ts';

/** Where a redrive goes on: what it has passed, and how far it goes. */
export interface RedrivePosition extends Range {
  readonly operationId: string;
}

const cursorForm = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(\d{1,15})_(\d{1,15})$/;

/** Why a cursor is refused. */
export const cursorMessage = 'Expected a cursor that this function gave';

/** The cursor with which anybody may go on with a redrive. */
export function toRedriveCursor({ operationId, afterId, throughId }: RedrivePosition): string {
  return `${operationId}_${afterId}_${throughId}`;
}

/** A redrive's cursor, read. */
export const redriveCursor = v.pipe(
  v.string(),
  v.regex(cursorForm, cursorMessage),
  v.transform((cursor): RedrivePosition => {
    const [, operationId = '', afterId, throughId] = cursorForm.exec(cursor) ?? [];
    return { operationId, afterId: Number(afterId), throughId: Number(throughId) };
  }),
);
