import {
  type Drain,
  type Drainer,
  type Drains,
  drainTwice,
  limitProgram,
  type Progress,
  reserveStage,
  wholeService,
} from '../flow/drain.ts';
import { type Backlog, clearAll, makeBacklog } from '../flow/orders.ts';
import { cpuMicroseconds } from '../measure/usage-during.ts';
import type { Options } from '../options.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { inRounds, type Part } from './part.ts';

const part = 'backlog';

/**
 * How fast each stage drains a waiting backlog, compared with the bare limit of the first stage: for a
 * freshly started program, whose code is yet to be compiled, and for one that has already drained such a
 * backlog.
 */
export const backlog: Part = async (bed, options) => {
  const rounds = await inRounds(options.rounds, async (round) => ({
    limit: await drained(bed, options, limitProgram, `backlog ${round}: limit program`),
    alone: await drained(bed, options, reserveStage, `backlog ${round}: reserve stage`),
    whole: await drained(bed, options, wholeService, `backlog ${round}: whole service`),
  }));
  return (['started', 'running'] as const).flatMap((state) => [
    ...rateFigures(rounds, state, options.orders),
    ...costFigures(rounds, state, options.orders),
  ]);
};

function drained(bed: Bed, options: Options, drainer: Drainer, title: string): Promise<Drains> {
  const made = { orders: options.orders };
  return withBacklog(bed, made, title, (onProgress) => drainTwice(bed, drainer, made, options, onProgress));
}

/** Creates a fresh backlog, on otherwise empty tables, and has `work` drain it. */
export async function withBacklog<Result>(
  bed: Bed,
  made: Backlog,
  title: string,
  work: (onProgress: Progress) => Promise<Result>,
): Promise<Result> {
  await clearAll(bed);
  await makeBacklog(bed, made);
  const step = beginStep(title, made.orders);
  const result = await work(step.left);
  step.done();
  return result;
}

/** Orders per second, from when the program began to read until the stage had finished. */
export function rateOf({ stageMs }: Drain, stage: number, orders: number): number {
  return (orders * 1000) / (stageMs[stage] ?? Infinity);
}

type Round = Readonly<Record<'limit' | 'alone' | 'whole', Drains>>;
type State = keyof Drains;

const states: Readonly<Record<State, string>> = { started: 'freshly started', running: 'warm' };

function rateFigures(rounds: readonly Round[], state: State, orders: number): Figure[] {
  const rates = (program: keyof Round, stage: number) =>
    rounds.map((round) => rateOf(round[program][state], stage, orders));
  const unit = 'orders/s';
  const name = (text: string) => `${states[state]}: ${text}`;
  const limit = { name: name('limit program'), values: rates('limit', 0) };
  const alone = { part, unit, name: name('reserve stage alone'), values: rates('alone', 0), limit };
  const whole = (text: string, stage: number) => ({
    part,
    unit,
    name: name(`whole service, all ${text}`),
    values: rates('whole', stage),
    limit,
  });
  return [
    figureOf({ part, unit, name: limit.name, values: limit.values }),
    figureOf({ ...alone, goal: { of: 'median', atLeast: 20_000 } }),
    figureOf({
      ...alone,
      name: name('reserve stage alone, of the limit'),
      goal: { of: 'ratio', atLeast: 0.9 },
    }),
    figureOf(whole('reserved', 0)),
    figureOf(whole('settled', 1)),
    figureOf({ ...whole('notified', 2), goal: { of: 'median', atLeast: 8_000 } }),
  ];
}

/** On a shared machine CPU time is steadier than elapsed time. Empty where it cannot be read. */
function costFigures(rounds: readonly Round[], state: State, orders: number): Figure[] {
  const programs = { limit: 'limit program', alone: 'reserve stage alone', whole: 'whole service' } as const;
  return (['limit', 'alone', 'whole'] as const).flatMap((program) => {
    const values = rounds.flatMap((round) => cpuMicroseconds(round[program][state].usage, orders) ?? []);
    if (values.length === 0) return [];
    const name = `${states[state]}: ${programs[program]}, with Kafka and PostgreSQL`;
    return [figureOf({ part, unit: 'µs CPU/order', name, values })];
  });
}
