import { CommanderError } from 'commander';
import { printable } from './printable.ts';
import { CommandError, exitCodes } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command; says what went wrong, if anything, and returns the exit code. Bugs are not swallowed. */
export async function runToExitCode(
  run: () => Promise<unknown>,
  terminal: Pick<Terminal, 'tell'>,
): Promise<number> {
  try {
    await run();
    return exitCodes.done;
  } catch (error) {
    // commander has reported what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof CommandError)) throw error;
    terminal.tell(printable(error.message));
    return error.exitCode;
  }
}
