import { type JsonField, type JsonTree, readJsonTree } from '../../filter/json-tree.ts';
import { eventRulerVerdicts } from './event-ruler.ts';
import type { Sample } from './samples.ts';
import { type JudgedSample, type Verdict, verdictOf } from './verdict.ts';

/** Most parts of a pattern that are looked at, and that event-ruler is asked about. */
const mostParts = 20_000;
const mostQuestions = 200;

/**
 * Which of these samples event-ruler contradicts itself on. A pattern matches when one of its parts does: a
 * part holds one branch of each `$or` and one condition of each list. event-ruler puts all conditions of a
 * field into one automaton, in which they can get in each other's way; asked about the parts, it says what
 * we say.
 * @param differences samples with its verdict, on which ours differs
 */
export async function contradictions(differences: readonly JudgedSample[]): Promise<ReadonlySet<Sample>> {
  const questions = differences.flatMap((sample) =>
    questionsAbout(sample).map((pattern) => ({ pattern, event: sample.event, sample })),
  );
  const verdicts = await eventRulerVerdicts(questions.map(({ pattern, event }) => ({ pattern, event })));
  const answers = Map.groupBy(
    questions.map(({ sample }, index) => ({ sample, verdict: verdicts[index] })),
    ({ sample }) => sample,
  );
  return new Set(
    differences.filter((sample) =>
      contradicts(
        sample,
        (answers.get(sample) ?? []).map(({ verdict }) => verdict),
      ),
    ),
  );
}

function contradicts({ verdict }: JudgedSample, verdicts: readonly (Verdict | undefined)[]): boolean {
  const isAnyMatched = verdicts.includes('matches');
  return verdicts.length > 0 && isAnyMatched !== (verdict === 'matches');
}

/** Parts whose verdicts settle it: those that we say match, or all of them. Empty when there are too many. */
function questionsAbout({ pattern, event, verdict }: JudgedSample): string[] {
  const parts = atMost(mostParts, partsOf(pattern));
  if (verdict === 'matches') return parts.length > mostQuestions ? [] : parts;
  return parts.filter((part) => verdictOf({ pattern: part, event }) === 'matches').slice(0, mostQuestions);
}

function atMost<Item>(limit: number, items: Iterable<Item>): Item[] {
  const found: Item[] = [];
  for (const item of items) {
    if (found.push(item) === limit) break;
  }
  return found;
}

/** The parts of a pattern, as JSON. */
export function* partsOf(pattern: string): Generator<string> {
  const root = readJsonTree(pattern);
  if (root.kind !== 'object') return;
  for (const fields of combinations(root.fields)) yield written({ kind: 'object', fields });
}

function* combinations([first, ...others]: readonly JsonField[]): Generator<readonly JsonField[]> {
  if (!first) {
    yield [];
    return;
  }
  for (const chosen of choices(first)) {
    for (const rest of combinations(others)) yield [...chosen, ...rest];
  }
}

/** What can stand in place of a field. */
function* choices(field: JsonField): Generator<readonly JsonField[]> {
  const { name, value } = field;
  if (value.kind === 'object') {
    for (const fields of combinations(value.fields)) yield [{ name, value: { kind: 'object', fields } }];
  } else if (value.kind === 'list') {
    for (const item of value.items) {
      if (name === '$or' && item.kind === 'object') yield* combinations(item.fields);
      else yield [{ name, value: { kind: 'list', items: [item] } }];
    }
  } else yield [field];
}

function written(tree: JsonTree): string {
  switch (tree.kind) {
    case 'object':
      return `{${tree.fields.map(({ name, value }) => `${JSON.stringify(name)}:${written(value)}`).join()}}`;
    case 'list':
      return `[${tree.items.map(written).join()}]`;
    case 'text':
      return JSON.stringify(tree.text);
    case 'number':
      return tree.written;
    case 'boolean':
      return String(tree.value);
    case 'null':
      return 'null';
  }
}
