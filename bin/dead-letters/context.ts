import { frictionOf } from '../../functions/dead-letter/actions/friction.ts';
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
  /** The stage that is worked on. */
  readonly stage: string;
  /** Says where the console shows the same, where it is known. */
  readonly tellPage: (path: string, parameters?: object) => Promise<void>;
  /** Prints a result: as JSON for programs, or as text for people. */
  readonly result: (answer: unknown, text: string) => void;
}

/**
 * Asks before more than one dead letter is changed, and has the count typed where many are or the stage is
 * production.
 * @throws CommandError when the answer is no, or there is no terminal to ask on
 */
export async function confirmed(
  { terminal, yes, stage }: CommandContext,
  count: number,
  question: string,
): Promise<void> {
  if (count <= 1 || yes) return;
  const mustType = frictionOf(count, stage) === 'type';
  const answer = await terminal.ask(question, mustType ? count : undefined);
  if (answer === undefined)
    throw new CommandError(`${question} Nobody is there to ask: add --yes.`, exitCodes.usage);
  if (!answer) throw new CommandError('Nothing was changed.', exitCodes.cancelled);
}
