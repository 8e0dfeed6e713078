import { type Elements, type Leaf, leavesOf } from './event.ts';
import type { JsonField } from './json-tree.ts';
import type { Alternative, FieldPattern } from './pattern.ts';

/** Tests an event that has one field. */
export type EventMatcher = (event: JsonField) => boolean;

/**
 * Builds a matcher from a compiled pattern: one alternative must match, with all its fields in the same list
 * elements.
 */
export function matcherOf(alternatives: readonly Alternative[]): EventMatcher {
  const isUsed = usedNames(alternatives.flatMap((alternative) => [...alternative.keys()]));
  const ordered = alternatives.map((alternative) => [...alternative].toSorted(byPath));
  return (event) => {
    const leaves = Map.groupBy(leavesOf(event, isUsed), ({ path }) => path);
    return ordered.some((fields) => matchesFields(fields, leaves));
  };
}

type Field = readonly [path: string, pattern: FieldPattern];

function byPath([a]: Field, [b]: Field): number {
  return a < b ? -1 : 1;
}

/**
 * A dot in a name counts as a step: a path does not show whether a dot was part of a name.
 * https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/GenericMachine.java
 * (isFieldStepUsed)
 */
function usedNames(paths: readonly string[]): (name: string) => boolean {
  const used = new Set(paths.flatMap(stepsOf));
  return (name) => used.has(name) || (name.includes('.') && stepsOf(name).every((step) => used.has(step)));
}

/** Splits like Java's `split`, which drops trailing empty parts. */
function stepsOf(path: string): string[] {
  const steps = path.split('.');
  return steps.slice(0, steps.findLastIndex((step) => step !== '') + 1);
}

/**
 * Visits the fields in path order and keeps every choice of list elements that all fields so far allow. The
 * order matters: a field counts as absent when none of the elements chosen earlier contains it.
 */
function matchesFields(fields: readonly Field[], leaves: ReadonlyMap<string, readonly Leaf[]>): boolean {
  let choices: Elements[] = [new Map()];
  for (const [path, pattern] of fields) {
    const candidates = leaves.get(path) ?? [];
    choices = distinct(choices.flatMap((choice) => choicesAfter(choice, pattern, candidates)));
    if (choices.length === 0) return false;
  }
  return true;
}

function choicesAfter(choice: Elements, pattern: FieldPattern, candidates: readonly Leaf[]): Elements[] {
  const present = candidates.filter(({ elements }) => agrees(choice, elements));
  if (present.length === 0) return pattern.mayBeAbsent ? [choice] : [];
  return present
    .filter(({ scalar }) => pattern.conditions.some((matches) => matches(scalar)))
    .map(({ elements }) => new Map([...choice, ...elements]));
}

function agrees(choice: Elements, elements: Elements): boolean {
  return [...elements].every(([list, index]) => (choice.get(list) ?? index) === index);
}

/**
 * Many leaves of one list lead to the same choice; without this, lists of scalars would multiply the choices.
 */
function distinct(choices: readonly Elements[]): Elements[] {
  if (choices.length < 2) return [...choices];
  const numbers = new Map<unknown, number>();
  const numberOf = (list: unknown) => numbers.get(list) ?? numbers.set(list, numbers.size).size - 1;
  const nameOf = (choice: Elements) =>
    [...choice].map(([list, index]) => `${numberOf(list)}:${index}`).join();
  return [...new Map(choices.map((choice) => [nameOf(choice), choice])).values()];
}
