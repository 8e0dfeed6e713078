import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JudgedSample, verdictOf } from '../testing/event-ruler/verdict.ts';

const file = join(import.meta.dirname, '..', 'testing', 'event-ruler', 'verdicts.jsonl');
const judged = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as JudgedSample);

describe("verdicts of event-ruler, the matcher behind Lambda's filters", () => {
  it.each(judged)(
    'when $pattern is applied to $event, the verdict is: $verdict',
    ({ verdict, ...sample }) => {
      expect(verdictOf(sample)).toBe(verdict);
    },
  );
});
