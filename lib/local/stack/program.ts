import { chmod, mkdir } from 'node:fs/promises';
import type { Child } from './child-process.ts';

/** A program of the stack that is running and ready to use. */
export interface RunningProgram {
  readonly pid: number;
  readonly logFile: string;
  /** Fulfilled when the program has ended, for whatever reason. */
  readonly exited: Promise<unknown>;
  /** The lines of its log that say what went wrong; at most four. */
  readonly lastOutput: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** How long a program may take to exit after it was asked to, in ms, before it is killed. */
const stopDeadlineMs = 6000;

/** @param signal asks the program to shut down cleanly */
export function runningProgram(child: Child, logFile: string, signal: NodeJS.Signals): RunningProgram {
  return {
    pid: child.pid,
    logFile,
    exited: child.exited,
    lastOutput: () => child.lastOutput(),
    stop: () => child.stop(signal, stopDeadlineMs),
  };
}

/** Creates a folder that only its owner can access, or restricts an existing one. */
export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o700);
}
