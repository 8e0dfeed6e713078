import type { Options } from '../options.ts';
import type { Figure } from '../report/figure.ts';
import type { Bed } from '../service/bed.ts';

/** Measures one thing on a bed, in several rounds. */
export type Part = (bed: Bed, options: Options) => Promise<Figure[]>;

/** Runs `work` once per round, one after the other. */
export async function inRounds<Result>(
  rounds: number,
  work: (round: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let round = 1; round <= rounds; round += 1) results.push(await work(round));
  return results;
}
