import type { PreviewAnswer, RedriveAnswer } from './answers.ts';
import { confirmed, type CommandContext } from './context.ts';
import { printable } from './printable.ts';
import { causesTable } from './show.ts';

/** Options of a redrive, besides the selection of dead letters. */
export interface RedriveOptions {
  readonly limit?: number;
  /** Records per second. */
  readonly rate?: number;
  readonly target?: string;
  readonly dryRun?: boolean;
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
  const preview = await context.invoke<PreviewAnswer>('redriveDeadLetters', { ...selection, dryRun: true });
  const total = Math.min(preview.matching, options.limit ?? Infinity);
  if (options.dryRun) {
    context.result(preview, `${causesTable(preview.causes)}\n\n${total} would be sent.`);
    return;
  }
  if (total > 0) context.terminal.tell(causesTable(preview.causes));
  await confirmed(context, total, `Send ${total} dead letters to ${options.target ?? 'their topics'}?`);
  const done = await redriveAll(context, selection, options, total);
  context.result(done, summary(done));
}

type Done = Pick<RedriveAnswer, 'redriven' | 'remaining' | 'refused'> &
  Partial<Pick<RedriveAnswer, 'operationId'>>;

async function redriveAll(
  { invoke, terminal, operator }: CommandContext,
  selection: object,
  { target, rate }: RedriveOptions,
  total: number,
): Promise<Done> {
  if (total === 0) return { redriven: 0, remaining: 0, refused: [] };
  const request = { ...selection, operator, target, ratePerSecond: rate };
  const bar = terminal.progress('Redriving', total);
  let redriven = 0;
  const refused: RedriveAnswer['refused'][number][] = [];
  let answer: RedriveAnswer | undefined;
  do {
    const cursor = answer?.nextCursor;
    const limit = Math.min(perInvocation, rate ?? perInvocation, total - redriven);
    answer = await invoke<RedriveAnswer>('redriveDeadLetters', {
      ...request,
      limit,
      ...(cursor && { cursor }),
    });
    redriven += answer.redriven;
    refused.push(...answer.refused);
    bar.advance(answer.redriven + answer.refused.length);
  } while (answer.nextCursor !== undefined && redriven < total);
  bar.stop(`${redriven} of ${total} sent`);
  return { operationId: answer.operationId, redriven, remaining: answer.remaining, refused };
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
