import { type Drain, drainLimit, drainReserveStage, drainService } from '../flow/drain.ts';
import { type Backlog, clearAll, makeBacklog } from '../flow/orders.ts';
import { cpuMicroseconds } from '../measure/usage-during.ts';
import type { Options } from '../options.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import type { Bed } from '../service/bed.ts';
import { inRounds, type Part } from './part.ts';

const part = 'backlog';

/** Orders that wait when the service starts: how fast each stage is through, beside the bare limit of the first. */
export const backlog: Part = async (bed, options) => {
  const rounds = await inRounds(options.rounds, async (round) => ({
    limit: await drained(bed, options, drainLimit, `backlog ${round}: limit program`),
    alone: await drained(bed, options, drainReserveStage, `backlog ${round}: reserve stage`),
    whole: await drained(bed, options, drainService, `backlog ${round}: whole service`),
  }));
  return [...rateFigures(rounds, options.orders), ...costFigures(rounds, options.orders)];
};

/** Drains a fresh backlog. @param drain which program does it */
export async function drained(
  bed: Bed,
  options: Options,
  drain: typeof drainService,
  title: string,
  made: Backlog = { orders: options.orders },
): Promise<Drain> {
  await clearAll(bed);
  await makeBacklog(bed, made);
  const step = beginStep(title, made.orders);
  const result = await drain(bed, { profileDirectory: options.profileDirectory }, step.left);
  step.done();
  return result;
}

/** Orders per second until a stage is through, from the moment that the program began to read. */
export function rateOf({ stageMs }: Drain, stage: number, orders: number): number {
  return (orders * 1000) / (stageMs[stage] ?? Infinity);
}

type Round = Readonly<Record<'limit' | 'alone' | 'whole', Drain>>;

function rateFigures(rounds: readonly Round[], orders: number): Figure[] {
  const rates = (program: keyof Round, stage: number) =>
    rounds.map((round) => rateOf(round[program], stage, orders));
  const unit = 'orders/s';
  const limit = { name: 'limit program', values: rates('limit', 0) };
  return [
    figureOf({ part, unit, name: 'limit program: reserved', values: limit.values }),
    figureOf({
      part,
      unit,
      name: 'reserve stage alone',
      values: rates('alone', 0),
      limit,
      goal: { of: 'median', atLeast: 20_000 },
    }),
    figureOf({
      part,
      unit,
      name: 'reserve stage alone, of the limit',
      values: rates('alone', 0),
      limit,
      goal: { of: 'ratio', atLeast: 0.9 },
    }),
    figureOf({ part, unit, name: 'whole service: all reserved', values: rates('whole', 0), limit }),
    figureOf({ part, unit, name: 'whole service: all settled', values: rates('whole', 1), limit }),
    figureOf({
      part,
      unit,
      name: 'whole service: all notified',
      values: rates('whole', 2),
      limit,
      goal: { of: 'median', atLeast: 8_000 },
    }),
  ];
}

/** CPU time is steadier than the clock on a machine that others use, too. Empty where it cannot be read. */
function costFigures(rounds: readonly Round[], orders: number): Figure[] {
  const programs = { limit: 'limit program', alone: 'reserve stage alone', whole: 'whole service' } as const;
  return (['limit', 'alone', 'whole'] as const).flatMap((program) => {
    const values = rounds.flatMap((round) => cpuMicroseconds(round[program].usage, orders) ?? []);
    if (values.length === 0) return [];
    return [
      figureOf({
        part,
        unit: 'µs CPU/order',
        name: `${programs[program]}, with Kafka and PostgreSQL`,
        values,
      }),
    ];
  });
}
