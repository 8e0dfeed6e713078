import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';
import { StackError } from './errors.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** Remembers who started which program, so that a later start can find what an earlier one left behind. */
export async function rememberChild(file: string, pid: number): Promise<void> {
  await writeFile(file, JSON.stringify({ pid, owner: process.pid }), { mode: 0o600 });
}

/**
 * Ends the program remembered in `file` if its owner is gone. A program of that pid counts only if its
 * command line names `directory`: after a reboot the pid may belong to anything.
 * @throws StackError `ALREADY_RUNNING` when the owner still lives
 */
export async function endLeftover(file: string, directory: string, signal: NodeJS.Signals): Promise<void> {
  const child = await readRemembered(file);
  if (!child || !(await isRunning(child.pid, directory))) return;
  if (child.owner !== process.pid && isAlive(child.owner)) throw alreadyRunning(directory, child.owner);
  send(child.pid, signal);
  const gone = async () => !(await isRunning(child.pid, directory));
  await until(gone, { deadlineMs: 8000, what: `process ${child.pid} to end` }).catch(() => {
    send(child.pid, 'SIGKILL');
  });
  await until(gone, { deadlineMs: 4000, what: `process ${child.pid} to be killed` });
}

/** The error for a second start on the same data. */
export function alreadyRunning(directory: string, pid: number): StackError {
  return new StackError(
    'ALREADY_RUNNING',
    `The stack in ${directory} is already running (process ${pid}): stop that one, or give this one other ports and its own OPENORDER_DATA_DIR.`,
  );
}

/** Whether a process with this pid exists, and its command line contains this text. */
export async function isRunning(pid: number, text: string): Promise<boolean> {
  return isAlive(pid) && (await commandLine(pid)).includes(text);
}

/** Whether a process with this pid exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function commandLine(pid: number): Promise<string> {
  try {
    if (platform() === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8'); // not every Linux has ps
    const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout;
  } catch {
    return ''; // it has since ended
  }
}

async function readRemembered(file: string): Promise<{ pid: number; owner: number } | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { pid: number; owner: number };
  } catch {
    return undefined; // never written, or cut off by a crash: nothing is known, so nothing is ended
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
