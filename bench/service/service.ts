import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../../lib/local/stack/child-process.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { until } from '../../lib/local/stack/until.ts';
import { type Bed, environmentOf } from './bed.ts';
import { type Selection, writeConfiguration } from './configuration.ts';

/** A program under measurement. */
export interface RunningProgram {
  readonly pid: number;
  /** When it was seen to be ready, in ms since 1970; seen within 10 ms. */
  readonly readyAt: number;
  /** Ends it as Ctrl-C would. */
  stop(): Promise<void>;
  /** Ends it without a word. */
  kill(): Promise<void>;
}

export interface ServiceOptions extends Selection {
  readonly profileDirectory?: string | undefined;
}

const framework = join(projectDirectory, 'node_modules/serverless/bin/serverless.js');

/** `serverless offline start` of the project on the bed; resolves when triggers poll and HTTP answers. */
export async function startService(bed: Bed, options: ServiceOptions = {}): Promise<RunningProgram> {
  const configuration = await writeConfiguration(options);
  const ports = ['--httpPort', String(bed.ports.http), '--lambdaPort', String(bed.ports.lambda)];
  const command = [framework, 'offline', 'start', '--config', configuration, ...ports];
  return startProgram(bed, 'service', command, 'OpenOrder is running', options.profileDirectory);
}

/** Runs a Node program until it prints `readyText`. */
export async function startProgram(
  bed: Bed,
  name: string,
  command: readonly string[],
  readyText: string,
  profileDirectory: string | undefined,
): Promise<RunningProgram> {
  const logFile = join(bed.directory, `${name}.log`);
  const profile = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const child = await startChild(process.execPath, [...profile, ...command], {
    logFile,
    orphanSignal: 'SIGTERM',
    environment: { ...process.env, ...environmentOf(bed), OPENORDER_DATA_DIR: bed.directory },
  });
  const isReady = async () => child.hasExited() || (await readFile(logFile, 'utf8')).includes(readyText);
  await until(isReady, { deadlineMs: 60_000, intervalMs: 10, what: `the ${name} to be ready` });
  if (child.hasExited()) throw new Error(`The ${name} did not start:\n${await child.lastOutput()}`);
  return {
    pid: child.pid,
    readyAt: Date.now(),
    stop: () => child.stop('SIGINT', 20_000),
    kill: () => child.stop('SIGKILL', 0),
  };
}
