import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDatabaseUrls } from './database.ts';
import type { CallersEnvironment } from './issuer/callers.ts';
import { isRunning } from './leftover.ts';

/** What a running `serverless offline start` tells other commands, in `.local/stack.json`. */
export interface StackState {
  readonly pid: number;
  readonly brokers: string[];
  readonly databaseUrl: string;
  /** The same with each service's own login, where there are some. */
  readonly serviceDatabaseUrls?: ServiceDatabaseUrls | undefined;
  readonly smtpUrl: string;
  readonly mailUrl?: string | undefined;
  readonly lambdaEndpoint: string;
  readonly callers?: CallersEnvironment | undefined;
}

/** Readable by its owner alone: a database URL holds a password. */
export async function writeState(dataDirectory: string, state: StackState): Promise<void> {
  await writeFile(fileIn(dataDirectory), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** The state of the stack that is running; undefined when none is, or it was killed. */
export async function readState(dataDirectory: string): Promise<StackState | undefined> {
  const text = await readFile(fileIn(dataDirectory), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as StackState;
  return (await isRunning(state.pid, 'serverless')) ? state : undefined;
}

/** Forgets the running stack. */
export async function removeState(dataDirectory: string): Promise<void> {
  await rm(fileIn(dataDirectory), { force: true });
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'stack.json');
}
