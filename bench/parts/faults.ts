import { drainService } from '../flow/drain.ts';
import { figureOf } from '../report/figure.ts';
import { drained, rateOf } from './backlog.ts';
import { inRounds, type Part } from './part.ts';

const notified = 2;

/** One order of a hundred fails until it is dead-lettered: how much slower the whole backlog gets, beside the same without faults. */
export const faults: Part = async (bed, options) => {
  const { orders } = options;
  const rounds = await inRounds(options.rounds, async (round) => ({
    sound: await drained(bed, options, drainService, `faults ${round}: without`),
    faulty: await drained(bed, options, drainService, `faults ${round}: 1 %`, { orders, oneFaultIn: 100 }),
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
