import type { ReadableDeadLetter } from '../../functions/dead-letter/get-dead-letter.ts';
import type { FoundOperation } from '../../functions/dead-letter/get-operation.ts';
import type { DeadLetterList } from '../../functions/dead-letter/list-dead-letters.ts';
import type { OperationList } from '../../functions/dead-letter/list-operations.ts';
import type { Marked } from '../../functions/dead-letter/actions/mark-dead-letters.ts';
import type { RedrivePreview, Redriven } from '../../functions/dead-letter/redrive-dead-letters.ts';
import type { Undone } from '../../functions/dead-letter/undo-operation.ts';

/**
 * Invokes a function of the service by its key in serverless.yml, and gives its parsed answer.
 * @throws CommandError
 */
export type Invoke = <Answer>(functionKey: string, payload: object) => Promise<Answer>;

/** A function's result after it went through JSON: times are text. */
type FromJson<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: FromJson<Value[Key]> }
    : Value;

export type ListAnswer = FromJson<DeadLetterList>;
export type ShowAnswer = FromJson<ReadableDeadLetter> | null;
export type PreviewAnswer = FromJson<RedrivePreview>;
export type RedriveAnswer = FromJson<Redriven>;
export type MarkAnswer = FromJson<Marked>;
export type UndoAnswer = Undone | null;
export type OperationsAnswer = FromJson<OperationList>;
export type OperationAnswer = FromJson<FoundOperation> | null;
export type CauseAnswer = ListAnswer['causes'][number];
