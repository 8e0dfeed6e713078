import { load } from '../flow/load.ts';
import { clearAll } from '../flow/orders.ts';
import { usageDuring } from '../measure/usage-during.ts';
import type { Options } from '../options.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import type { Bed } from '../service/bed.ts';
import { withBundles } from '../service/bundles.ts';
import { containerEnvironment } from '../service/configuration.ts';
import { type LimitProgram, type RunningProgram, startLimit } from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

const part = 'handler';

/**
 * What the packaged handler of `POST /api/orders` itself costs: alone in a process, one request at a time as
 * in a container, compared with the bare program under the same load. CPU time of the process, without Kafka
 * and PostgreSQL.
 */
export const handler: Part = async (bed, options) => {
  await clearAll(bed);
  return withBundles(['createOrder'], async ([bundle]) => {
    if (!bundle) throw new Error('There is no function createOrder.');
    const { limit, http } = bed.ports;
    const bare = await startMeasured(bed, options, bareProgram(limit), limit);
    const alone = await startMeasured(bed, options, handlerProgram(http, bundle), http);
    try {
      return figuresOf(
        await inRounds(options.rounds, async (round) => ({
          bare: await cpuPerRequest(bed, bare, options, `handler ${round}: bare program`),
          alone: await cpuPerRequest(bed, alone, options, `handler ${round}: handler of POST alone`),
        })),
      );
    } finally {
      await alone.program.stop();
      await bare.program.stop();
    }
  });
};

interface Target {
  readonly program: RunningProgram;
  readonly url: string;
}

const bareProgram = (port: number): LimitProgram => ({
  name: 'bare program',
  file: 'create-order.ts',
  arguments: [String(port), '1'],
  readyText: 'limit program: listening',
});

const handlerProgram = (port: number, { file, event }: { file: string; event: object }): LimitProgram => ({
  name: 'handler',
  file: 'handler.ts',
  arguments: [String(port), file, JSON.stringify(event)],
  readyText: 'handler: listening',
  environment: containerEnvironment,
});

/** Starts the program and warms it up for as long as it will be measured. */
async function startMeasured(
  bed: Bed,
  { requestSeconds, profileDirectory }: Options,
  limitProgram: LimitProgram,
  port: number,
): Promise<Target> {
  const program = await startLimit(bed, limitProgram, profileDirectory);
  const url = `http://127.0.0.1:${port}/`;
  await load(url, requestSeconds, `handler: warm-up of the ${limitProgram.name}`, 1);
  return { program, url };
}

/** In µs; undefined where it cannot be read. */
async function cpuPerRequest(
  bed: Bed,
  { program, url }: Target,
  { requestSeconds }: Options,
  title: string,
): Promise<number | undefined> {
  const { result, usage } = await usageDuring(bed, program, () => load(url, requestSeconds, title, 1));
  return usage.program && (usage.program.cpuMs * 1000) / (result.rate * requestSeconds);
}

type Round = Readonly<Record<'bare' | 'alone', number | undefined>>;

function figuresOf(rounds: readonly Round[]): Figure[] {
  const [bare, alone] = (['bare', 'alone'] as const).map((target) =>
    rounds.flatMap((round) => round[target] ?? []),
  ) as [number[], number[]];
  if (bare.length === 0) return [];
  const unit = 'µs CPU/request';
  const limit = { name: 'bare program', values: bare };
  return [
    figureOf({ part, unit, name: 'bare program, one request at a time', values: bare }),
    figureOf({
      part,
      unit,
      name: 'handler of POST alone, one request at a time',
      values: alone,
      limit,
      goal: { of: 'ratio', atMost: 1.3 },
    }),
  ];
}
