import { readdir, readFile } from 'node:fs/promises';
import { readProcesses, ticksPerSecond } from './processes.ts';

/** Where the time and the memory of a running service go. */
export const shares = [
  'host, main thread',
  'workers of the functions',
  "V8's and libuv's helper threads",
  'bundler',
  'Kafka',
  'PostgreSQL',
] as const;
type Share = (typeof shares)[number];

/** ms on a core so far, by share. Threads that have ended are missing, so compare while all of them run. */
export type CpuByShare = ReadonlyMap<Share, number>;

const programs: Readonly<Record<string, Share>> = {
  java: 'Kafka',
  postgres: 'PostgreSQL',
  esbuild: 'bundler',
};

/** Node names its threads; the first one has the id of the process. */
const workerName = 'WorkerThread';

/**
 * CPU time of a process and everything below it. The host's threads are counted separately, other processes
 * as a whole. Empty on systems without /proc.
 */
export async function cpuByShare(pid: number): Promise<CpuByShare> {
  const sums = new Map<Share, number>();
  for (const process of await below(pid)) {
    const program = programs[process.name];
    const parts = program ? [{ share: program, ticks: process.ticks }] : await threadsOf(process.pid);
    for (const { share, ticks } of parts)
      sums.set(share, (sums.get(share) ?? 0) + (ticks * 1000) / ticksPerSecond);
  }
  return sums;
}

/**
 * Memory, in MB, of a process and everything below it; pages that several share are divided among them (PSS).
 */
export async function memoryByProgram(pid: number): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (const process of await below(pid)) {
    const name = programs[process.name] ?? 'host and functions';
    sums.set(name, (sums.get(name) ?? 0) + (await proportionalMb(process.pid)));
  }
  return sums;
}

async function below(root: number) {
  const all = [...(await readProcesses()).values()];
  const found = all.filter(({ pid }) => pid === root);
  // Grows while it is walked: the children of children are looked at in their turn.
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_task.5.html */
async function threadsOf(pid: number): Promise<{ share: Share; ticks: number }[]> {
  const ids = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    ids.map((id) => readFile(`/proc/${pid}/task/${id}/stat`, 'utf8').catch(() => '')),
  );
  return texts
    .filter((text) => text !== '')
    .map((text, index) => {
      const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return {
        share: shareOf(name, ids[index] === String(pid)),
        ticks: Number(fields[11]) + Number(fields[12]),
      };
    });
}

function shareOf(threadName: string, isFirst: boolean): Share {
  if (isFirst) return 'host, main thread';
  return threadName === workerName ? 'workers of the functions' : "V8's and libuv's helper threads";
}

/** https://docs.kernel.org/filesystems/proc.html, smaps_rollup */
async function proportionalMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}
