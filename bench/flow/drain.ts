import { withAdmin } from '../../lib/kafka/kafkajs/with-admin.ts';
import { type Usages, usageDuring } from '../measure/usage-during.ts';
import type { Bed } from '../service/bed.ts';
import { type RunningProgram, type ServiceOptions, startLimit, startService } from '../service/service.ts';
import { type Reading, untilConsumed } from './consumption.ts';
import { type Backlog, makeBacklog } from './orders.ts';
import { limitReserve, stages } from './stages.ts';

/** How long a waiting backlog took, stage by stage, in ms from when the program began to read. */
export interface Drain {
  readonly stageMs: readonly number[];
  readonly usage: Usages;
}

/**
 * A backlog that waited for the program to start, and a second one, drained by the same program once it was
 * warm.
 */
export interface Drains {
  readonly started: Drain;
  readonly running: Drain;
}

/** Called while a stage runs, with the number of records that it still has to read. */
export type Progress = (left: number) => void;

/** A program that drains a backlog, and the stages that an order passes in it. */
export interface Drainer {
  readonly start: (bed: Bed, options: ServiceOptions) => Promise<RunningProgram>;
  readonly stages: readonly (readonly Reading[])[];
}

/** The service with only the function of the reserve stage. */
export const reserveStage: Drainer = {
  start: (bed, options) => startService(bed, { ...options, only: ['reserveInventory'] }),
  stages: [stages.reserve],
};

export const wholeService: Drainer = {
  start: startService,
  stages: [stages.reserve, stages.settle, stages.notify],
};

export const limitProgram: Drainer = {
  start: (bed, { profileDirectory }) =>
    startLimit(
      bed,
      { name: 'limit program', file: 'reserve.ts', readyText: 'limit program: reading' },
      profileDirectory,
    ),
  stages: [limitReserve],
};

/** Starts the program, which drains the waiting backlog. */
export async function drain(
  bed: Bed,
  drainer: Drainer,
  options: ServiceOptions,
  onProgress: Progress,
): Promise<Drain> {
  const program = await drainer.start(bed, options);
  try {
    return await measured(bed, program, drainer, program.readyAt, onProgress);
  } finally {
    await program.stop();
  }
}

/** Starts the program, which drains the waiting backlog and then `next`. */
export async function drainTwice(
  bed: Bed,
  drainer: Drainer,
  next: Backlog,
  options: ServiceOptions,
  onProgress: Progress,
): Promise<Drains> {
  const program = await drainer.start(bed, options);
  try {
    const started = await measured(bed, program, drainer, program.readyAt, onProgress);
    await whileFrozen(program, () => makeBacklog(bed, next));
    const running = await measured(bed, program, drainer, Date.now(), onProgress);
    return { started, running };
  } finally {
    await program.stop();
  }
}

/**
 * Creating 50,000 orders takes a second. With more than some 250,000 the service exceeds its session timeout
 * (6 s), is dropped from its group, and has to rejoin.
 */
async function whileFrozen(program: RunningProgram, work: () => Promise<void>): Promise<void> {
  process.kill(program.pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(program.pid, 'SIGCONT');
  }
}

function measured(
  bed: Bed,
  program: RunningProgram,
  { stages }: Drainer,
  since: number,
  onProgress: Progress,
): Promise<Drain> {
  return withAdmin(bed.kafka, async (admin) => {
    const { result, usage } = await usageDuring(bed, program, async () => {
      const stageMs: number[] = [];
      for (const stage of stages) stageMs.push((await untilConsumed(admin, stage, onProgress)) - since);
      return stageMs;
    });
    return { stageMs: result, usage };
  });
}
