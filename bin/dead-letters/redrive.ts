import { setTimeout as pause } from 'node:timers/promises';
import type { OperationAnswer, PreviewAnswer, RedriveAnswer } from './answers.ts';
import { bindingTo, howToCarryOut, type PreviewOptions } from './binding.ts';
import { confirmed, type CommandContext } from './context.ts';
import { printable } from './printable.ts';
import { causesTable } from './show.ts';

/** Options of a redrive, besides the selection of dead letters. */
export interface RedriveOptions extends PreviewOptions {
  readonly limit?: number;
  /** Records per second. */
  readonly rate?: number;
  readonly target?: string;
}

/**
 * What one invocation takes, so that the bar moves and Ctrl-C ends soon; the function makes steps of the same
 * size.
 */
const perInvocation = 500;

/**
 * Sends dead letters again: shows what it would send, asks, and then invokes the function until all is sent.
 */
export async function redrive(
  context: CommandContext,
  selection: object,
  options: RedriveOptions,
): Promise<void> {
  const request = { ...selection, ...(options.preview && { preview: options.preview }) };
  const preview = await context.invoke<PreviewAnswer>('redriveDeadLetters', { ...request, dryRun: true });
  const total = Math.min(preview.matching, options.limit ?? Infinity);
  if (options.dryRun) {
    context.result(
      preview,
      `${causesTable(preview.causes)}\n\n${total} would be sent.${howToCarryOut(preview)}`,
    );
    return;
  }
  if (total > 0) context.terminal.tell(causesTable(preview.causes));
  await confirmed(context, total, `Send ${total} dead letters to ${options.target ?? 'their topics'}?`);
  const bound = { ...selection, ...boundTo(preview, options, context, total) };
  const done = await redriveAll(context, bound, options, total);
  context.result(done, summary(done));
  if (done.operationId !== undefined) await context.tellPage(`operations/${done.operationId}`);
}

function boundTo(
  preview: PreviewAnswer,
  { preview: named, limit }: RedriveOptions,
  context: CommandContext,
  total: number,
) {
  const binding = bindingTo(preview, named, context);
  return { ...binding, ...(binding.preview && limit && { total }) };
}

/** Continues a redrive that was paused, or whose command or tab is gone. */
export async function resume(context: CommandContext, found: OperationAnswer & {}): Promise<void> {
  const { operationId, affected, nextCursor } = found;
  const total = (found.total ?? affected) - affected;
  const done = await redriveAll(context, {}, {}, total, nextCursor);
  context.result({ ...done, operationId }, summary({ ...done, operationId }));
}

/** Wait in ms while another command or tab sends the rest of the same operation. */
const otherSendsMs = 500;

type Done = Pick<RedriveAnswer, 'redriven' | 'remaining' | 'refused'> &
  Partial<Pick<RedriveAnswer, 'operationId'>>;

async function redriveAll(
  { invoke, terminal, operator }: CommandContext,
  selection: object,
  { target, rate }: RedriveOptions,
  total: number,
  from?: string,
): Promise<Done> {
  if (total === 0) return { redriven: 0, remaining: 0, refused: [] };
  const request = { ...selection, operator, target, ratePerSecond: rate };
  const bar = terminal.progress('Redriving', total);
  let redriven = 0;
  const refused: RedriveAnswer['refused'][number][] = [];
  let cursor = from;
  let answer: RedriveAnswer;
  do {
    const limit = Math.min(perInvocation, rate ?? perInvocation, total - redriven);
    answer = await invoke<RedriveAnswer>('redriveDeadLetters', { ...request, limit, cursor });
    redriven += answer.redriven;
    refused.push(...answer.refused);
    bar.advance(answer.redriven + answer.refused.length);
    cursor = answer.nextCursor;
    if (isSentByOthers(answer)) await pause(otherSendsMs);
  } while (cursor !== undefined && redriven < total && answer.state !== 'PAUSED');
  bar.stop(`${redriven} of ${total} sent`);
  if (answer.state === 'PAUSED') terminal.tell(`It is paused. To continue: resume ${answer.operationId}`);
  return { operationId: answer.operationId, redriven, remaining: answer.remaining, refused };
}

/** Nothing was left for this command at the moment, and yet there is more. */
function isSentByOthers({ redriven, refused, nextCursor, state }: RedriveAnswer): boolean {
  return redriven + refused.length === 0 && nextCursor !== undefined && state === 'RUNNING';
}

function summary({ operationId, redriven, remaining, refused }: Done): string {
  if (operationId === undefined) return 'There is nothing to redrive.';
  const sent = `${redriven} redriven, ${remaining} remaining (operation ${operationId}).`;
  return refused.length === 0 ? sent : `${refusedText(refused)}\n\n${sent}`;
}

function refusedText(refused: RedriveAnswer['refused']): string {
  const lines = refused.map(({ id, reason }) => `  ${id}  ${printable(reason)}`);
  return [`${refused.length} could not be sent and are now PARKED:`, ...lines].join('\n');
}
