import { readdir, readFile } from 'node:fs/promises';

/** What a process and its children have used, read from Linux's /proc. */
export interface Usage {
  /** CPU time, user and system, in ms, including that of children that have ended. */
  readonly cpuMs: number;
  /** Resident memory in MB; shared memory is counted only for the first process. */
  readonly rssMb: number;
}

/** The clock rate of /proc: 100 on every Linux that Node runs on. */
export const ticksPerSecond = 100;

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  const processes = await readProcesses();
  const root = processes.get(pid);
  if (!root) return undefined;
  const tree = [root, ...[...processes.values()].filter((one) => one.parent === pid)];
  const ticks = tree.reduce((sum, one) => sum + one.ticks, 0);
  const memory = await Promise.all(tree.map((one, index) => residentKb(one.pid, index === 0)));
  const rssMb = memory.reduce((sum, kb) => sum + kb, 0) / 1024;
  return { cpuMs: (ticks * 1000) / ticksPerSecond, rssMb };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The name of its program, cut by the kernel to 15 characters. */
  readonly name: string;
  readonly ticks: number;
}

/** Every process on the machine by its id; none on systems without /proc. */
export async function readProcesses(): Promise<Map<number, Process>> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = await Promise.all(pids.map(readProcess));
  return new Map(processes.filter((one) => one !== undefined).map((one) => [one.pid, one]));
}

async function readProcess(pid: number): Promise<Process | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined; // it has since ended
  // After the name in parentheses: state (field 3), parent (4), … user, system, children's user and system
  // ticks (14 to 17).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  return { pid, parent: Number(fields[1]), name, ticks };
}

async function residentKb(pid: number, withShared: boolean): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return withShared ? field('VmRSS') : field('RssAnon');
}
