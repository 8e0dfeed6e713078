import { withAdmin } from '../../lib/kafka/kafkajs/with-admin.ts';
import { type Usages, usageDuring } from '../measure/usage-during.ts';
import type { Bed } from '../service/bed.ts';
import { type RunningProgram, type ServiceOptions, startLimit, startService } from '../service/service.ts';
import { type Reading, untilConsumed } from './consumption.ts';
import { type Backlog, makeBacklog } from './orders.ts';
import { limitReserve, stages } from './stages.ts';

/** How long a waiting backlog took, stage by stage, in ms from the moment that the program began to read. */
export interface Drain {
  readonly stageMs: readonly number[];
  readonly usage: Usages;
}

/**
 * A backlog that waited for the program to start, and another one that waited for the same program, running
 * by then.
 */
export interface Drains {
  readonly started: Drain;
  readonly running: Drain;
}

/** Called while a stage runs, with the number of records it still has to read. */
export type Progress = (left: number) => void;

/** A program that drains a backlog, and the stages of an order there. */
export interface Drainer {
  readonly start: (bed: Bed, options: ServiceOptions) => Promise<RunningProgram>;
  readonly stages: readonly (readonly Reading[])[];
}

/** The service with no other function than that of the reserve stage. */
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

/** Has a backlog drained that waits. */
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

/** Has a backlog drained that waits, and then `next` by the same program. */
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
 * 50,000 orders are made in a second. From some 250,000 on the service loses its place in its group (6 s),
 * and has to join it again.
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
