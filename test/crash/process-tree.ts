import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Sends a signal to a process and then to its children; those that have already exited do not matter. */
export async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  // The parent first: a stopped one starts no more children.
  send(pid, signal);
  for (const child of await childrenOf(pid)) send(child, signal);
}

/** The children of a process: PostgreSQL serves each connection in its own. */
export async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

/** Sends a signal to one process. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
