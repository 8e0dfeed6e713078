import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Share of all cores' time that must be idle for another container to help. */
const spareShare = 0.35;

/**
 * Waits `ms` and returns whether the machine, with everything running on it, had a core to spare meanwhile.
 */
export async function hasSpareCoreDuring(ms: number): Promise<boolean> {
  const before = coreTimes();
  await pause(ms);
  const after = coreTimes();
  return after.idle - before.idle > spareShare * (after.all - before.all);
}

/** Milliseconds since the machine started, summed over all cores. */
function coreTimes(): { idle: number; all: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const all = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle);
  return { idle, all };
}
