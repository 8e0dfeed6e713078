import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { DeadLetterStore } from '../dead-letter-store.ts';
import type { Status } from '../dead-letter.ts';
import { InvalidRequestError } from '../errors.ts';
import { operatorFields, readRequest } from '../operator/operator-request.ts';
import { selectionFields } from '../operator/selection.ts';
import { bind, type Bound, previewField } from './preview-token.ts';
import { onPreviewed, type Preview, previewOf } from './preview.ts';

/** Which statuses an action takes, by default the first, and which it gives. */
interface MarkingRule {
  readonly action: 'PARK' | 'DISCARD';
  readonly from: readonly [Status, ...Status[]];
  readonly status: Status;
}

/** What a marking did, or would do: a dry run changes none, and its preview can be carried out. */
export interface Marked extends Partial<Preview> {
  readonly operationId?: string;
  readonly matching: number;
  readonly changed: number;
}

type Store = Pick<DeadLetterStore, 'mark' | 'snapshot' | 'causes'>;

/**
 * Gives dead letters a status that an operator chose, and remembers who did.
 * @throws InvalidRequestError when no condition is named; PreviewOutdatedError when others match than the
 *   preview says
 */
export function markDeadLetters(store: Store, { action, from, status }: MarkingRule) {
  const requestSchema = v.strictObject({
    ...selectionFields,
    ...operatorFields,
    ...previewField,
    status: v.exactOptional(v.picklist(from)),
    dryRun: v.optional(v.boolean(), false),
  });
  return async (payload: unknown): Promise<Marked> => {
    const request = readRequest(payload, requestSchema);
    const { operator = 'unknown', source = 'api', dryRun, preview, ...selection } = request;
    const bound = bind(action, { selection, statuses: from, ...(preview !== undefined && { preview }) });
    requireCondition(bound);
    const previewNow = () => previewOf(store, action, bound.selection);
    if (dryRun) return { ...(await previewNow()), changed: 0 };
    const operation = { operationId: randomUUID(), action, operator, source, request: bound.selection };
    const { throughId = Number.MAX_SAFE_INTEGER } = bound.snapshot ?? {};
    const marking = { selection: bound.selection, status, throughId };
    const changed = await onPreviewed(bound, previewNow, (accept) => store.mark(operation, marking, accept));
    return { operationId: operation.operationId, matching: changed, changed };
  };
}

/** @throws InvalidRequestError */
function requireCondition({ selection }: Bound): void {
  // The status is always there.
  if (Object.keys(selection).length > 1) return;
  throw new InvalidRequestError('Name the dead letters by ids, topic, exception or another condition.');
}
