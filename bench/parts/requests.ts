import { connections, load } from '../flow/load.ts';
import { clearAll } from '../flow/orders.ts';
import { cpuMicroseconds, usageDuring } from '../measure/usage-during.ts';
import { type Figure, figureOf } from '../report/figure.ts';
import type { Bed } from '../service/bed.ts';
import {
  type LimitProgram,
  type RunningProgram,
  startLimit,
  startService,
  urlOf,
} from '../service/service.ts';
import { inRounds, type Part } from './part.ts';

const part = 'requests';

/** What receives a load. */
interface Target {
  readonly name: string;
  readonly program: RunningProgram;
  readonly url: string;
}

type Targets = Readonly<Record<'empty' | 'bare' | 'order', Target>>;

/**
 * `POST /api/orders` under load, compared with an empty function behind the same serverless-offline and with
 * the same work without functions.
 */
export const requests: Part = async (bed, options) => {
  await clearAll(bed);
  const { rounds, requestSeconds, profileDirectory } = options;
  const service = await startService(bed, { profileDirectory, only: ['createOrder'] });
  const bare = await startLimit(bed, bareProgram(bed), profileDirectory);
  try {
    const targets = targetsOf(bed, service, bare);
    // For as long as a measured load: ten workers need that long to compile their code.
    for (const target of Object.values(targets)) await load(target.url, requestSeconds, 'requests: warm-up');
    const measure = (target: Target, round: number) =>
      measuredLoad(bed, target, requestSeconds, `requests ${round}: ${target.name}`);
    const results = await inRounds(rounds, async (round) => ({
      empty: await measure(targets.empty, round),
      bare: await measure(targets.bare, round),
      order: await measure(targets.order, round),
    }));
    return figuresOf(targets, results);
  } finally {
    await bare.stop();
    await service.stop();
  }
};

function targetsOf(bed: Bed, service: RunningProgram, bare: RunningProgram): Targets {
  const root = urlOf(bed);
  return {
    empty: { name: 'empty function', program: service, url: `${root}/api/empty` },
    bare: { name: 'bare program', program: bare, url: `http://127.0.0.1:${bed.ports.limit}/` },
    order: { name: 'POST /api/orders, createOrder alone', program: service, url: `${root}/api/orders` },
  };
}

const bareProgram = ({ ports }: Bed): LimitProgram => ({
  name: 'bare program',
  file: 'create-order.ts',
  arguments: [String(ports.limit), String(connections)],
  readyText: 'limit program: listening',
});

type Load = Awaited<ReturnType<typeof measuredLoad>>;

function figuresOf(targets: Targets, results: readonly Readonly<Record<keyof Targets, Load>>[]): Figure[] {
  const rates = (target: keyof Targets) => results.map((round) => round[target].rate);
  const limit = { name: targets.empty.name, values: rates('empty') };
  const unit = 'requests/s';
  const { name } = targets.order;
  return [
    figureOf({ part, unit, name: targets.empty.name, values: limit.values }),
    figureOf({ part, unit, name: targets.bare.name, values: rates('bare'), limit }),
    figureOf({ part, unit, name, values: rates('order'), limit, goal: { of: 'ratio', atLeast: 0.5 } }),
    ...(['empty', 'bare', 'order'] as const).flatMap((target) =>
      cpuFigures(
        targets[target].name,
        results.map((round) => round[target].cpu),
      ),
    ),
    figureOf({ part, unit: 'ms', name: `${name}, p50`, values: results.map(({ order: { p50 } }) => p50) }),
    figureOf({ part, unit: 'ms', name: `${name}, p99`, values: results.map(({ order: { p99 } }) => p99) }),
  ];
}

/** On a shared machine CPU time is steadier than elapsed time. Empty where it cannot be read. */
function cpuFigures(name: string, cpu: readonly (number | undefined)[]): Figure[] {
  const values = cpu.filter((value) => value !== undefined);
  return values.length === 0 ? [] : [figureOf({ part, unit: 'µs CPU/request', name, values })];
}

async function measuredLoad(bed: Bed, target: Target, seconds: number, title: string) {
  const { result, usage } = await usageDuring(bed, target.program, () => load(target.url, seconds, title));
  return { ...result, cpu: cpuMicroseconds(usage, result.rate * seconds) };
}
