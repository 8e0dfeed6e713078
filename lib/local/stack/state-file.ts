import { readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './leftover.ts';

/** What a running `serverless offline start` tells other commands, in `.local/stack.json`. */
export interface StackState {
  readonly pid: number;
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly lambdaEndpoint: string;
}

/** Readable by its owner alone: a database URL holds a password. */
export async function writeState(dataDirectory: string, state: StackState): Promise<void> {
  await writeFile(fileIn(dataDirectory), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** The state of the stack that is running; undefined when none is, or it was killed. */
export function readState(dataDirectory: string): StackState | undefined {
  try {
    const state = JSON.parse(readFileSync(fileIn(dataDirectory), 'utf8')) as StackState;
    return isAlive(state.pid) ? state : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Forgets the running stack. */
export function removeState(dataDirectory: string): void {
  rmSync(fileIn(dataDirectory), { force: true });
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'stack.json');
}
