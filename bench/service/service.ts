import { join } from 'node:path';
import { startChild } from '../../lib/local/stack/child-process.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { until } from '../../lib/local/stack/until.ts';
import { type Bed, environmentOf } from './bed.ts';
import { type Selection, writeConfiguration } from './configuration.ts';

/** A program under measurement. */
export interface RunningProgram {
  readonly pid: number;
  readonly startedAt: number;
  /** When it was ready, in ms since 1970; checked every 10 ms. */
  readonly readyAt: number;
  /** Ends it as Ctrl-C would. */
  stop(): Promise<void>;
  /** Kills it without warning. */
  kill(): Promise<void>;
}

export interface ServiceOptions extends Selection {
  readonly profileDirectory?: string | undefined;
}

const framework = join(projectDirectory, 'node_modules/serverless/bin/serverless.js');

/** Runs `serverless offline start` on the bed; resolves when triggers poll and HTTP answers. */
export async function startService(bed: Bed, options: ServiceOptions = {}): Promise<RunningProgram> {
  const configuration = await writeConfiguration(options);
  const { http, lambda } = bed.ports;
  return startProgram({
    name: 'service',
    command: offlineCommand(http, lambda, ['--config', configuration]),
    readyText: serviceIsReady,
    environment: environmentOf(bed),
    directory: bed.directory,
    profileDirectory: options.profileDirectory,
  });
}

/** The address of the service on the bed. */
export function urlOf({ ports }: Bed): string {
  return `http://127.0.0.1:${ports.http}`;
}

/** A program of `bench/limit/` on the bed. */
export interface LimitProgram {
  readonly name: string;
  readonly file: string;
  readonly arguments?: readonly string[];
  readonly readyText: string;
  /** Added to the addresses of the bed's parts. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a limit program and waits until it is ready. */
export function startLimit(
  bed: Bed,
  program: LimitProgram,
  profileDirectory?: string,
): Promise<RunningProgram> {
  const { name, file, readyText, environment } = program;
  return startProgram({
    name,
    command: [join(projectDirectory, 'bench/limit', file), ...(program.arguments ?? [])],
    readyText,
    environment: { ...environmentOf(bed), ...environment },
    directory: bed.directory,
    profileDirectory,
  });
}

/** What the service prints when triggers poll and HTTP answers. */
export const serviceIsReady = 'OpenOrder is running';

/** The command line of `serverless offline start` on these ports. */
export function offlineCommand(httpPort: number, lambdaPort: number, rest: readonly string[] = []): string[] {
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  return [framework, 'offline', 'start', ...ports, ...rest];
}

/** What {@link startProgram} runs. */
export interface Program {
  readonly name: string;
  /** A Node program and its arguments. */
  readonly command: readonly string[];
  /** What it prints when it is ready. */
  readonly readyText: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log goes. */
  readonly directory: string;
  readonly profileDirectory?: string | undefined;
}

/** Runs a Node program and waits until it is ready. */
export async function startProgram(program: Program): Promise<RunningProgram> {
  const { name, command, readyText, environment, directory, profileDirectory } = program;
  const profile = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const startedAt = Date.now();
  const child = await startChild(process.execPath, [...profile, ...command], {
    logFile: join(directory, `${name}.log`),
    orphanSignal: 'SIGTERM',
    environment: { ...process.env, ...environment, OPENORDER_DATA_DIR: directory },
  });
  const isReady = async () => child.hasExited() || (await child.output()).includes(readyText);
  await until(isReady, { deadlineMs: 120_000, intervalMs: 10, what: `the ${name} to be ready` });
  if (child.hasExited()) throw new Error(`The ${name} did not start:\n${await child.lastOutput()}`);
  return {
    pid: child.pid,
    startedAt,
    readyAt: Date.now(),
    stop: () => child.stop('SIGINT', 20_000),
    kill: () => child.stop('SIGKILL', 20_000),
  };
}
