import { type Spread, spreadOf } from '../measure/statistic.ts';

/** One measured figure over all rounds, as shown in the table, in the JSON file and on the page. */
export interface Figure extends Spread {
  readonly part: string;
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /**
   * The best that the machine could do, measured in the same rounds, and this figure as a share of it (1 is
   * just as good).
   */
  readonly limit?: { readonly name: string; readonly median: number; readonly ratio: number };
  readonly goal?: Goal;
}

/** The target for the figure's median or for its ratio to the limit. */
interface Goal {
  readonly of: 'median' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface FigureParts {
  readonly part: string;
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly limit?: { readonly name: string; readonly values: readonly number[] };
  readonly goal?: Goal;
}

/** @throws Error when nothing was measured */
export function figureOf({ part, name, unit, values, limit, goal }: FigureParts): Figure {
  const spread = spreadOf(values);
  const limitMedian = limit && spreadOf(limit.values).median;
  return {
    part,
    name,
    unit,
    values,
    ...spread,
    ...(limit && limitMedian !== undefined
      ? { limit: { name: limit.name, median: limitMedian, ratio: spread.median / limitMedian } }
      : {}),
    ...(goal ? { goal } : {}),
  };
}

/** Whether the goal is met; undefined when there is none. */
export function isMet({ goal, median, limit }: Figure): boolean | undefined {
  if (!goal) return undefined;
  const { atLeast = -Infinity, atMost = Infinity } = goal;
  const reached = goal.of === 'ratio' ? (limit?.ratio ?? NaN) : median;
  return reached >= atLeast && reached <= atMost;
}

/** The goal in readable form: `≥ 20,000`, `≤ 45`, `≥ 90 % of the limit`. */
export function goalText({ goal }: Figure): string {
  if (!goal) return '';
  const bound = goal.atLeast ?? goal.atMost ?? 0;
  const number = goal.of === 'ratio' ? `${Math.round(bound * 100)} % of the limit` : numberText(bound);
  return `${goal.atLeast === undefined ? '≤' : '≥'} ${number}`;
}

/** A number with about three significant digits. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US', {
    maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0,
  });
}
