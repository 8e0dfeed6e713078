import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StackError } from './errors.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** Remembers who started which program, so that a later start can find what an earlier one left behind. */
export async function rememberChild(file: string, pid: number): Promise<void> {
  await writeFile(file, JSON.stringify({ pid, owner: process.pid }));
}

/**
 * Ends the program remembered in `file` if its owner is gone. A program of that pid counts only if its command line names
 * `directory`: after a restart of the machine the pid may be anybody's.
 * @throws StackError `ALREADY_RUNNING` when the owner still lives
 */
export async function endLeftover(file: string, directory: string, signal: NodeJS.Signals): Promise<void> {
  const child = await readRemembered(file);
  if (!child || !(await isRunning(child.pid, directory))) return;
  if (child.owner !== process.pid && isAlive(child.owner)) {
    throw new StackError(
      'ALREADY_RUNNING',
      `The stack in ${directory} is already running (process ${child.owner}): end that one, or give this one other ports and its own OPENORDER_DATA_DIR.`,
    );
  }
  send(child.pid, signal);
  const gone = async () => !(await isRunning(child.pid, directory));
  await until(gone, { deadlineMs: 8000, what: `process ${child.pid} to end` }).catch(() => {
    send(child.pid, 'SIGKILL');
  });
  await until(gone, { deadlineMs: 4000, what: `process ${child.pid} to be killed` });
}

/** Whether a process of this pid exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readRemembered(file: string): Promise<{ pid: number; owner: number } | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { pid: number; owner: number };
  } catch {
    return undefined; // never written, or cut off by a crash: nothing is known, so nothing is ended
  }
}

async function isRunning(pid: number, directory: string): Promise<boolean> {
  try {
    const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout.includes(directory);
  } catch {
    return false; // ps answers 1 when there is no such process
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
