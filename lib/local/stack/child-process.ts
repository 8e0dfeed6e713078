import { execFile, spawn, type ChildProcess, type ExecFileOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { excerptOf, readFrom } from './log-excerpt.ts';

/** A program that the stack started and that ends with it. */
export interface Child {
  readonly pid: number;
  /** Fulfilled when the program has ended, with its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  hasExited(): boolean;
  /** Everything that the program has written so far, without what earlier runs left in its log. */
  output(): Promise<string>;
  /** The lines of its log that say what went wrong, for an error message; at most four. */
  lastOutput(): Promise<string>;
  /** Sends the signal, and kills the program by SIGKILL if it is still running after `deadlineMs`. */
  stop(signal: NodeJS.Signals, deadlineMs: number): Promise<void>;
}

/** How {@link startChild} runs a program. */
export interface ChildOptions {
  /** Receives stdout and stderr, appended to what it already holds. */
  readonly logFile: string;
  /** The signal that the program gets when this process dies, even by `kill -9`. */
  readonly orphanSignal: NodeJS.Signals;
  /** Its complete environment; by default this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly workingDirectory?: string;
}

const execute = promisify(execFile);

/** A log larger than this many bytes is started over. */
const largestLog = 5 * 1024 * 1024;

/**
 * Runs a program to completion. When aborted by the signal, it rejects only once the program has exited,
 * which `execFile` alone does not wait for: initdb, for one, takes a moment to remove what it has created.
 * @throws the error of `execFile`
 */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: Pick<ExecFileOptions, 'cwd' | 'env' | 'signal' | 'timeout'> = {},
): Promise<{ stdout: string; stderr: string }> {
  const running = withPrivateFiles(() => execute(command, [...args], { ...options, encoding: 'utf8' }));
  try {
    return await running;
  } catch (error) {
    const { child } = running;
    const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (isRunning) await once(child, 'exit');
    throw error;
  }
}

/** Why {@link runToEnd} failed: the program's own complaint, or why it could not be run. */
export function reasonOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return excerptOf(`${stdout}\n${stderr}`) || String(error);
}

/**
 * Runs `start` so that only their owner can read the files that the started program creates: they hold orders
 * and addresses.
 */
function withPrivateFiles<Started>(start: () => Started): Started {
  const mask = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(mask);
  }
}

/**
 * Starts a program in its own process group, so that a Ctrl-C in the terminal does not reach it before its
 * users are done. It does not keep this process alive.
 * @throws the `spawn` error, `ENOENT` when there is no such program
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<Child> {
  const log = openLog(options.logFile);
  const start = fstatSync(log).size;
  const child = withPrivateFiles(() =>
    spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: options.environment,
      cwd: options.workingDirectory,
    }),
  );
  closeSync(log);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  exited.catch(() => undefined); // a failed spawn is thrown below
  await once(child, 'spawn');
  child.unref();
  const pid = child.pid as number;
  void exited.then(watch(pid, options.orphanSignal));
  return {
    pid,
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    output: async () => (await readFile(options.logFile)).toString('utf8', start),
    lastOutput: async () => excerptOf(await readFrom(options.logFile, start)),
    stop: (signal, deadlineMs) => stop(child, exited, signal, deadlineMs),
  };
}

function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(file, size > largestLog ? 'w' : 'a', 0o600);
}

/**
 * Starts a shell that waits for the end of a pipe which only this process holds open: the system closes it
 * when this process dies, however that happens, and the shell then passes the signal on. Works on any POSIX
 * system.
 * @returns a function that dismisses the shell, once the watched program has exited on its own
 */
function watch(pid: number, signal: NodeJS.Signals): () => void {
  // A frozen process receives its signals only when it resumes.
  const script = `read -r dismissed || { kill -${signal.replace('SIG', '')} "$0"; kill -CONT "$0"; }`;
  const watchdog = spawn('sh', ['-c', script, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  const pipe = watchdog.stdin;
  pipe.on('error', () => undefined); // the shell has already exited: nothing left to dismiss
  (pipe as unknown as { unref(): void }).unref();
  return () => pipe.end('dismissed\n');
}

async function stop(
  child: ChildProcess,
  exited: Promise<unknown>,
  signal: NodeJS.Signals,
  deadlineMs: number,
): Promise<void> {
  child.ref();
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await exited;
  clearTimeout(timer);
}
