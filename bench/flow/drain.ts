import { type Usages, usageDuring } from '../measure/usage-during.ts';
import type { Bed } from '../service/bed.ts';
import { type RunningProgram, type ServiceOptions, startLimit, startService } from '../service/service.ts';
import { type Reading, untilConsumed } from './consumption.ts';
import { limitReserve, stages } from './stages.ts';

/** How long a waiting backlog took, stage by stage, in ms from the moment that the program began to read. */
export interface Drain {
  readonly stageMs: readonly number[];
  readonly usage: Usages;
}

/** Told, while a stage is under way, how many records it still has to read. */
export type Progress = (left: number) => void;

/** The reserve stage alone: the service with no other function. */
export async function drainReserveStage(
  bed: Bed,
  options: ServiceOptions,
  onProgress: Progress,
): Promise<Drain> {
  const service = await startService(bed, { ...options, only: ['reserveInventory'] });
  return measured(bed, service, [stages.reserve], onProgress);
}

/** The whole service. */
export async function drainService(bed: Bed, options: ServiceOptions, onProgress: Progress): Promise<Drain> {
  const service = await startService(bed, options);
  return measured(bed, service, [stages.reserve, stages.settle, stages.notify], onProgress);
}

/** The limit program. */
export async function drainLimit(bed: Bed, options: ServiceOptions, onProgress: Progress): Promise<Drain> {
  const limit = { name: 'limit program', file: 'reserve.ts', readyText: 'limit program: reading' };
  const program = await startLimit(bed, limit, options.profileDirectory);
  return measured(bed, program, [limitReserve], onProgress);
}

async function measured(
  bed: Bed,
  program: RunningProgram,
  readings: readonly (readonly Reading[])[],
  onProgress: Progress,
): Promise<Drain> {
  const admin = bed.kafka.admin();
  await admin.connect();
  try {
    const { result, usage } = await usageDuring(bed, program, async () => {
      const stageMs: number[] = [];
      for (const reading of readings) {
        stageMs.push((await untilConsumed(admin, reading, onProgress)) - program.readyAt);
      }
      return stageMs;
    });
    return { stageMs: result, usage };
  } finally {
    await admin.disconnect();
    await program.stop();
  }
}
