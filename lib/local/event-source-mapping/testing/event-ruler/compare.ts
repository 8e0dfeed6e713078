// npm run compare:filters: compares our filters with event-ruler, the matcher behind Lambda's, on generated
// samples.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contradictions } from './contradiction.ts';
import { eventRulerVerdicts } from './event-ruler.ts';
import { fixedSamples } from './fixed-samples.ts';
import { type Sample, samples } from './samples.ts';
import { type JudgedSample, verdictOf } from './verdict.ts';

const { values: options } = parseArgs({
  options: {
    /** Determines the generated samples. */
    seed: { type: 'string', default: '1' },
    patterns: { type: 'string', default: '10000' },
    /** Instead of comparing, writes the verdicts that the unit tests check against. */
    write: { type: 'boolean', default: false },
  },
});

const eventsPerPattern = 5;
const shownDifferences = 20;

async function writeVerdicts(): Promise<void> {
  const isShort = ({ pattern, event }: Sample) => pattern.length + event.length < 250;
  const chosen = [...fixedSamples, ...samples(1, 1_000, 1).filter(isShort)];
  const verdicts = await eventRulerVerdicts(chosen);
  const lines = chosen.map((sample, index) => JSON.stringify({ ...sample, verdict: verdicts[index] }));
  writeFileSync(join(import.meta.dirname, 'verdicts.jsonl'), lines.join('\n') + '\n');
  console.log(`${lines.length} verdicts written.`);
}

async function compare(): Promise<void> {
  const chosen = samples(Number(options.seed), Number(options.patterns), eventsPerPattern);
  const verdicts = await eventRulerVerdicts(chosen);
  const judged = chosen.map((sample, index): JudgedSample => ({
    ...sample,
    verdict: verdicts[index] ?? 'refused',
  }));
  const differences = judged.filter((sample) => verdictOf(sample) !== sample.verdict);
  const explained = await contradictions(differences);
  const unexplained = differences.filter((sample) => !explained.has(sample));
  for (const sample of unexplained.slice(0, shownDifferences)) showDifference(sample);
  console.log(
    `Seed ${options.seed}: ${options.patterns} patterns, ${judged.length} verdicts, ${countsOf(judged)}.`,
  );
  console.log(
    `${differences.length} differences, on ${explained.size} of which event-ruler contradicts itself; ${unexplained.length} unexplained.`,
  );
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}

function showDifference(sample: JudgedSample): void {
  console.log(`pattern      ${sample.pattern}\nevent        ${sample.event}`);
  console.log(`event-ruler  ${sample.verdict}\nours         ${verdictOf(sample)}\n`);
}

function countsOf(judged: readonly JudgedSample[]): string {
  const groups = Map.groupBy(judged, ({ verdict }) => verdict);
  return [...groups].map(([verdict, group]) => `${group.length} ${verdict}`).join(', ');
}

await (options.write ? writeVerdicts() : compare());
