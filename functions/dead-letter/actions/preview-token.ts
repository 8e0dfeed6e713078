import * as v from 'valibot';
import type { Status } from '../dead-letter.ts';
import { InvalidRequestError } from '../errors.ts';
import { type Selection, selectionFields } from '../operator/selection.ts';
import type { Snapshot } from '../store/snapshot.ts';

/** What is done to many dead letters at once. */
export type BulkAction = 'REDRIVE' | 'PARK' | 'DISCARD';

/** What an operator was shown before deciding. */
interface Previewed {
  readonly action: BulkAction;
  readonly selection: Selection;
  readonly snapshot: Snapshot;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const tokenSchema = v.strictObject({
  action: v.picklist(['REDRIVE', 'PARK', 'DISCARD']),
  selection: v.strictObject(selectionFields),
  snapshot: v.strictObject({ matching: count, throughId: count, oldestId: count, fingerprint: v.string() }),
});

/** The maximum length of a token in characters: a thousand ids and the longest conditions fit. */
const longestToken = 40_000;

/** The field in which a request carries a preview's token. */
export const previewField = { preview: v.exactOptional(v.pipe(v.string(), v.maxLength(longestToken))) };

/**
 * A preview as text, for the action to carry. It is a precondition, not a permission, so it is not signed:
 * who makes one up asks for something that they may ask for anyway.
 */
export function toToken(previewed: Previewed): string {
  return Buffer.from(JSON.stringify(previewed)).toString('base64url');
}

/** The conditions that a request names, beside the preview that it may carry. */
interface Named {
  readonly selection: Selection;
  /** The statuses that the action takes; the first is meant when none is named. */
  readonly statuses: readonly [Status, ...Status[]];
  readonly preview?: string;
}

/** The input of an action: the selection, and what it must match if there was a preview. */
export interface Bound {
  readonly selection: Selection;
  readonly snapshot?: Snapshot;
}

const notGiven = 'Expected the preview that a dry run gave';

/**
 * What an action is bound to. One that carries a preview and names no conditions takes those of the preview.
 * @throws InvalidRequestError when the preview is damaged, or of another action or other conditions
 */
export function bind(action: BulkAction, { selection, statuses, preview }: Named): Bound {
  const meant = { ...selection, status: selection.status ?? statuses[0] };
  if (preview === undefined) return { selection: meant };
  const parsed = v.safeParse(v.pipe(v.string(), v.rawTransform(decode), tokenSchema), preview);
  if (!parsed.success) throw refusal(notGiven);
  const previewed = parsed.output;
  if (previewed.action !== action) throw refusal(`This preview is of another action: ${previewed.action}`);
  if (!statuses.some((one) => one === previewed.selection.status)) throw refusal(notGiven);
  const namesNothing = Object.keys(selection).length === 0;
  if (!namesNothing && !isSame(meant, previewed.selection)) {
    throw refusal('This preview is of other conditions');
  }
  return previewed;
}

type Decoding = v.RawTransformContext<string>;

function decode({ dataset, addIssue, NEVER }: Decoding): unknown {
  try {
    return JSON.parse(Buffer.from(dataset.value, 'base64url').toString('utf8')) as unknown;
  } catch {
    addIssue();
    return NEVER;
  }
}

function refusal(detail: string): InvalidRequestError {
  return new InvalidRequestError(`preview: ${detail}.`, { fields: [{ path: ['preview'], detail }] });
}

function isSame(some: Selection, others: Selection): boolean {
  return canonical(some) === canonical(others);
}

/** Conditions as text, whatever their order. */
function canonical(selection: Selection): string {
  return JSON.stringify(Object.entries(selection).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
