import { CommandError, exitCodes } from './errors.ts';
import type { Invoke } from './answers.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface CommandContext {
  readonly invoke: Invoke;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** The answer to every question is yes. */
  readonly yes: boolean;
  readonly operator: string;
  /** Prints a result: as JSON for programs, or as text for people. */
  readonly result: (answer: unknown, text: string) => void;
}

/**
 * Asks before more than one dead letter is changed.
 * @throws CommandError when the person says no, or there is nobody to ask
 */
export async function confirmed(
  { terminal, yes }: CommandContext,
  count: number,
  question: string,
): Promise<void> {
  if (count <= 1 || yes) return;
  const answer = await terminal.ask(question);
  if (answer === undefined)
    throw new CommandError(`${question} Nobody is there to ask: add --yes.`, exitCodes.usage);
  if (!answer) throw new CommandError('Nothing was changed.', exitCodes.cancelled);
}
