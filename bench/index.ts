// npm run bench: measures the system on this machine, next to the best that the machine could do. See
// docs/performance.md.
import { backlog } from './parts/backlog.ts';
import { bundles } from './parts/bundles.ts';
import { everything } from './parts/everything.ts';
import { faults } from './parts/faults.ts';
import { growth } from './parts/growth.ts';
import { handler } from './parts/handler.ts';
import type { Part } from './parts/part.ts';
import { recovery } from './parts/recovery.ts';
import { requests } from './parts/requests.ts';
import { start } from './parts/start.ts';
import { type Options, type PartName, readOptions } from './options.ts';
import type { Figure } from './report/figure.ts';
import { describeMachine } from './report/machine.ts';
import { writeResult } from './report/write-result.ts';
import { tableOf } from './report/table.ts';
import { makeBed } from './service/bed.ts';

const parts: Readonly<Record<Exclude<PartName, PartWithoutBed>, Part>> = {
  bundles,
  backlog,
  faults,
  requests,
  handler,
  growth,
  recovery,
};

/** These start the service with a broker and a database of its own, as `npm start` does. */
const withoutBed = { start, everything } as const;
type PartWithoutBed = keyof typeof withoutBed;

const needsNoBed = (part: PartName): part is PartWithoutBed => part in withoutBed;

async function measure(options: Options): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const part of options.parts.filter(needsNoBed)) figures.push(...(await withoutBed[part](options)));
  const onBed = options.parts.filter((part) => !needsNoBed(part));
  if (onBed.length === 0) return figures;
  const bed = await makeBed(options.firstPort);
  try {
    for (const part of onBed) figures.push(...(await parts[part](bed, options)));
    return figures;
  } finally {
    await bed.stop();
  }
}

const args = process.argv.slice(2);
const options = readOptions(args);
const machine = describeMachine();
const startedAt = new Date();
const figures = await measure(options);
const durationSeconds = (Date.now() - startedAt.getTime()) / 1000;
const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
const files = await writeResult({ startedAt, durationSeconds, command, machine, figures });
console.log(tableOf(figures));
console.log(files.join('\n'));
