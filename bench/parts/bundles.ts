import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { environmentOf } from '../service/bed.ts';
import { type Bundle, withBundles } from '../service/bundles.ts';
import { containerEnvironment } from '../service/configuration.ts';
import { inRounds, type Part } from './part.ts';

const run = promisify(execFile);
const part = 'bundles';
const coldStartProgram = join(projectDirectory, 'bench/measure/cold-start.js');

/**
 * The size of each function's bundle, and how long a fresh process takes to load its handler, and from the
 * start of the process to the handler's first response, with a broker and a database running.
 */
export const bundles: Part = async (bed, { rounds }) => {
  return withBundles(undefined, async (files) => {
    const step = beginStep('bundles: cold starts', 1);
    const starts = await inRounds(rounds, () => startAll(files, environmentOf(bed)));
    step.done();
    return files.flatMap(({ functionKey, kilobytes }, index) =>
      figuresOf(
        functionKey,
        kilobytes,
        starts.flatMap((round) => round[index] ?? []),
      ),
    );
  });
};

interface ColdStart {
  /** From the import of the bundle to its handler. */
  readonly loadMs: number;
  /** From the start of the process to the first response. */
  readonly answerMs: number;
}

async function startAll(files: readonly Bundle[], environment: Record<string, string>): Promise<ColdStart[]> {
  const starts: ColdStart[] = [];
  for (const { file, event } of files) {
    const env = { ...process.env, ...environment, ...containerEnvironment };
    const { stdout } = await run(process.execPath, [coldStartProgram, file, JSON.stringify(event)], { env });
    starts.push(JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as ColdStart);
  }
  return starts;
}

function figuresOf(functionKey: string, kilobytes: number, starts: readonly ColdStart[]): Figure[] {
  return [
    figureOf({
      part,
      unit: 'KB',
      name: functionKey,
      values: [kilobytes],
      goal: { of: 'median', atMost: 600 },
    }),
    figureOf({
      part,
      unit: 'ms',
      name: `${functionKey}, load to ready`,
      values: starts.map(({ loadMs }) => loadMs),
    }),
    figureOf({
      part,
      unit: 'ms',
      name: `${functionKey}, cold start to the first response`,
      values: starts.map(({ answerMs }) => answerMs),
      goal: { of: 'median', atMost: 150 },
    }),
  ];
}
