import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures were measured on. The load before the start tells whether others used the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Processes that waited for a core, on average over the last minute; 0 on systems that do not tell. */
  readonly loadBefore: number;
}

/** Describes this machine as it is now. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
