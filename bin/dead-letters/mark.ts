import type { MarkAnswer } from './answers.ts';
import { bindingTo, howToCarryOut, type PreviewOptions } from './binding.ts';
import { confirmed, type CommandContext } from './context.ts';

/** The functions that give dead letters another status, and how they read. */
const markings = {
  park: { functionKey: 'parkDeadLetters', verb: 'Park', done: 'parked' },
  discard: { functionKey: 'discardDeadLetters', verb: 'Discard', done: 'discarded' },
} as const;

/** Parks or discards dead letters, after asking. */
export async function mark(
  context: CommandContext,
  action: keyof typeof markings,
  selection: object,
  { dryRun, preview: shown }: PreviewOptions,
): Promise<void> {
  const { functionKey, verb, done } = markings[action];
  const request = { ...selection, ...(shown && { preview: shown }) };
  const preview = await context.invoke<MarkAnswer>(functionKey, { ...request, dryRun: true });
  if (dryRun) {
    context.result(preview, `${preview.matching} would be ${done}.${howToCarryOut(preview)}`);
    return;
  }
  await confirmed(context, preview.matching, `${verb} ${preview.matching} dead letters?`);
  const answer = await context.invoke<MarkAnswer>(functionKey, {
    ...selection,
    ...bindingTo(preview, shown, context),
    operator: context.operator,
  });
  context.result(answer, `${answer.changed} ${done}.`);
  if (answer.operationId === undefined) return;
  context.terminal.tell(`To take it back: undo ${answer.operationId}`);
  await context.tellPage(`operations/${answer.operationId}`);
}
