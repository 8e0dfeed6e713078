import { type Drain, drain, wholeService } from '../flow/drain.ts';
import type { Backlog } from '../flow/orders.ts';
import type { Options } from '../options.ts';
import { figureOf } from '../report/figure.ts';
import type { Bed } from '../service/bed.ts';
import { rateOf, withBacklog } from './backlog.ts';
import { inRounds, type Part } from './part.ts';

const notified = 2;

/**
 * One order in a hundred fails until it is dead-lettered: how much slower that makes the whole backlog,
 * compared with the same backlog without faults.
 */
export const faults: Part = async (bed, options) => {
  const { orders } = options;
  const rounds = await inRounds(options.rounds, async (round) => ({
    sound: await drained(bed, options, `faults ${round}: without`, { orders }),
    faulty: await drained(bed, options, `faults ${round}: 1 %`, { orders, oneFaultIn: 100 }),
  }));
  const limit = {
    name: 'without faults',
    values: rounds.map(({ sound }) => rateOf(sound, notified, orders)),
  };
  const values = rounds.map(({ faulty }) => rateOf(faulty, notified, orders));
  const goal = { of: 'ratio', atLeast: 0.67 } as const;
  return [
    figureOf({
      part: 'faults',
      unit: 'orders/s',
      name: 'whole service, 1 % of the orders fail',
      values,
      limit,
      goal,
    }),
  ];
};

function drained(bed: Bed, options: Options, title: string, made: Backlog): Promise<Drain> {
  return withBacklog(bed, made, title, (onProgress) => drain(bed, wholeService, options, onProgress));
}
