import type { Cause, DeadLetterStore } from '../dead-letter-store.ts';
import { PreviewOutdatedError } from '../errors.ts';
import type { Selection } from '../operator/selection.ts';
import { type Accept, isUnchanged } from '../store/snapshot.ts';
import { type Bound, type BulkAction, toToken } from './preview-token.ts';

/** What an action would take, and the preview that binds it to that. */
export interface Preview {
  readonly matching: number;
  readonly throughId: number;
  readonly oldestId: number;
  readonly causes: readonly Cause[];
  /** For the action to carry: it then takes these dead letters and no others. */
  readonly preview: string;
}

type Store = Pick<DeadLetterStore, 'snapshot' | 'causes'>;

/** Shows what an action would take at this moment. */
export async function previewOf(store: Store, action: BulkAction, selection: Selection): Promise<Preview> {
  const snapshot = await store.snapshot(selection);
  const { matching, throughId, oldestId } = snapshot;
  const causes = await store.causes(selection, { afterId: 0, throughId });
  return { matching, throughId, oldestId, causes, preview: toToken({ action, selection, snapshot }) };
}

/** Thrown within a transaction, so that it is rolled back before anything else is asked. */
class ChangedSincePreview extends Error {
  override readonly name = 'ChangedSincePreview';
  readonly matching: number;

  constructor(matching: number) {
    super('Others match than the preview says.');
    this.matching = matching;
  }
}

/**
 * Runs an action on what was previewed, and on nothing else. Without a preview whatever matches is taken.
 * @param preview makes the preview of now, for the operator to decide anew
 * @throws PreviewOutdatedError
 */
export async function onPreviewed<Result>(
  { snapshot: shown }: Bound,
  preview: () => Promise<Preview>,
  act: (accept: Accept) => Promise<Result>,
): Promise<Result> {
  try {
    return await act((taken) => {
      if (shown && !isUnchanged(shown, taken)) throw new ChangedSincePreview(taken.matching);
    });
  } catch (error) {
    if (!shown || !(error instanceof ChangedSincePreview)) throw error;
    const now = await preview();
    const message = `The preview showed ${shown.matching} dead letters; now ${error.matching} of what it showed match. Nothing was changed: look at the new preview.`;
    throw new PreviewOutdatedError(message, now);
  }
}
