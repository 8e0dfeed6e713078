import { InvalidPatternError } from '../../filter/invalid-pattern.ts';
import { readJsonTree } from '../../filter/json-tree.ts';
import { matcherOf } from '../../filter/matches.ts';
import { compilePattern } from '../../filter/pattern.ts';
import type { Sample } from './samples.ts';

/** A matcher's verdict on a pattern and an event. */
export type Verdict = 'matches' | 'differs' | 'refused';

/** A sample and event-ruler's verdict: one line of verdicts.jsonl. */
export interface JudgedSample extends Sample {
  readonly verdict: Verdict;
}

/** Our verdict on a sample. */
export function verdictOf({ pattern, event }: Sample): Verdict {
  try {
    const matches = matcherOf(compilePattern(readJsonTree(pattern)).alternatives);
    const root = readJsonTree(event);
    const [field] = root.kind === 'object' ? root.fields : [];
    return field && matches(field) ? 'matches' : 'differs';
  } catch (error) {
    if (error instanceof InvalidPatternError) return 'refused';
    throw error;
  }
}
