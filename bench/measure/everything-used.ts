import { readdir, readFile } from 'node:fs/promises';
import { readProcesses, ticksPerSecond } from './processes.ts';

/** CPU time so far in ms, by share. Threads that have ended are missing, so compare while all of them run. */
export type CpuByShare = ReadonlyMap<string, number>;

const programs: Readonly<Record<string, string>> = {
  java: 'Kafka',
  postgres: 'PostgreSQL',
  esbuild: 'bundler',
};

/** The kernel cuts thread names to this many characters. */
const threadNameLength = 15;

/**
 * CPU time of a process and all its descendants. The host's threads are counted separately, with the workers
 * of each function as one share; other processes are counted as a whole. Empty on systems without /proc.
 * @param functionKeys the functions whose worker threads are named after them
 */
export async function cpuByShare(pid: number, functionKeys: readonly string[]): Promise<CpuByShare> {
  const functions = new Map(functionKeys.map((key) => [key.slice(0, threadNameLength), key]));
  const sums = new Map<string, number>();
  for (const process of await below(pid)) {
    const program = programs[process.name];
    const parts = program
      ? [{ share: program, ticks: process.ticks }]
      : (await threadsOf(process.pid)).map(({ ticks, ...thread }) => ({
          share: shareOf(thread, functions),
          ticks,
        }));
    for (const { share, ticks } of parts)
      sums.set(share, (sums.get(share) ?? 0) + (ticks * 1000) / ticksPerSecond);
  }
  return sums;
}

/**
 * Memory, in MB, of a process and all its descendants; shared pages are divided among those that share them
 * (PSS).
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
  // The array grows while the loop walks it, so grandchildren are visited in turn.
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

interface Thread {
  readonly name: string;
  readonly isFirst: boolean;
  readonly ticks: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_task.5.html; the first thread has the process's id. */
async function threadsOf(pid: number): Promise<Thread[]> {
  const ids = await readdir(`/proc/${pid}/task`).catch(() => []);
  const threads = await Promise.all(
    ids.map(async (id) => {
      const text = await readFile(`/proc/${pid}/task/${id}/stat`, 'utf8').catch(() => '');
      const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return { name, isFirst: id === String(pid), ticks: Number(fields[11]) + Number(fields[12]) };
    }),
  );
  return threads.filter(({ ticks }) => !Number.isNaN(ticks)); // NaN: it has since ended
}

function shareOf({ name, isFirst }: Omit<Thread, 'ticks'>, functions: ReadonlyMap<string, string>): string {
  if (isFirst) return 'host, main thread';
  const functionKey = functions.get(name);
  return functionKey === undefined ? "V8's and libuv's helper threads" : `workers of ${functionKey}`;
}

/** https://docs.kernel.org/filesystems/proc.html, smaps_rollup */
async function proportionalMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}
