import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './data-directory.ts';
import type { ServiceDatabaseUrls } from './database.ts';
import { StackError } from './errors.ts';
import type { CallersEnvironment } from './issuer/callers.ts';
import { isRunning } from './leftover.ts';

/** What a running `serverless offline start` tells other commands, in `.local/stack.json`. */
export interface StackState {
  readonly pid: number;
  readonly brokers: string[];
  readonly databaseUrl: string;
  /** The same with each service's own login, if there are any. */
  readonly serviceDatabaseUrls?: ServiceDatabaseUrls | undefined;
  readonly smtpUrl: string;
  readonly mailUrl?: string | undefined;
  readonly lambdaEndpoint: string;
  /** Where the HTTP API and the console answer. */
  readonly httpUrl?: string | undefined;
  readonly callers?: CallersEnvironment | undefined;
}

const fileName = 'stack.json';

/** Readable by its owner alone: a database URL holds a password. @throws StackError `FOLDER_NOT_WRITABLE` */
export async function writeState(dataDirectory: string, state: StackState): Promise<void> {
  await writeAtomically(dataDirectory, fileName, `${JSON.stringify(state, null, 2)}\n`);
}

/**
 * The state of the stack that is running; undefined when none is, or it was killed.
 * @throws StackError `STATE_DAMAGED`
 */
export async function readState(dataDirectory: string): Promise<StackState | undefined> {
  const file = fileIn(dataDirectory);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = parse(text);
  if (!state) {
    throw new StackError(
      'STATE_DAMAGED',
      `${file} is damaged, so commands cannot find the running stack: stop the stack if it runs, delete that file, and start again.`,
    );
  }
  return (await isRunning(state.pid, 'serverless')) ? state : undefined;
}

function parse(text: string): StackState | undefined {
  try {
    const state = JSON.parse(text) as Partial<StackState> | null;
    const isWhole = Number.isInteger(state?.pid) && Array.isArray(state?.brokers) && state.lambdaEndpoint;
    return isWhole ? (state as StackState) : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the running stack. */
export async function removeState(dataDirectory: string): Promise<void> {
  await rm(fileIn(dataDirectory), { force: true });
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, fileName);
}
