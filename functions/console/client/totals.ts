import type { TriggerFlow } from './model.ts';

/**
 * A total of numbers; null as soon as one of them is unknown, or there are none: a part is not the whole.
 */
export function unknownAsNull(
  numbers: readonly (number | null)[],
  combine: (known: readonly number[]) => number,
): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 || known.length < numbers.length ? null : combine(known);
}

/** The number of records waiting for all triggers. */
export function lagOf(triggers: readonly TriggerFlow[]): number | null {
  return unknownAsNull(
    triggers.map(({ lagRecords }) => lagRecords),
    (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  );
}
