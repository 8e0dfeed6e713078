import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Share of the time of all cores that must be idle for another container to be of use. */
const spareShare = 0.35;

/** Waits `ms` and tells whether the machine, with all that runs on it, had a core to spare meanwhile. */
export async function hasSpareCoreDuring(ms: number): Promise<boolean> {
  const before = coreTimes();
  await pause(ms);
  const after = coreTimes();
  return after.idle - before.idle > spareShare * (after.all - before.all);
}

/** Milliseconds since the machine started, of all cores. */
function coreTimes(): { idle: number; all: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const all = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle);
  return { idle, all };
}
