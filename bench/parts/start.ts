import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figureOf } from '../report/figure.ts';
import { beginStep } from '../report/progress.ts';
import { portsOfBed } from '../service/bed.ts';
import { offlineCommand, serviceIsReady, startProgram } from '../service/service.ts';
import type { Options } from '../options.ts';
import { inRounds } from './part.ts';

/**
 * How long `npm start` takes with the embedded broker and database, on existing data, until everything is
 * ready. Needs no bed.
 */
export async function start({ rounds, firstPort }: Options): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-bench-'));
  try {
    const first = await startSeconds(directory, firstPort + portsOfBed, 'start: without data');
    const values = await inRounds(rounds, (round) =>
      startSeconds(directory, firstPort + portsOfBed, `start ${round}: with existing data`),
    );
    const goal = { of: 'median', atMost: 6 } as const;
    return [
      figureOf({ part: 'start', unit: 's', name: 'npm start, without data', values: [first] }),
      figureOf({ part: 'start', unit: 's', name: 'npm start, with existing data', values, goal }),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function startSeconds(directory: string, firstPort: number, title: string): Promise<number> {
  const step = beginStep(title, 1);
  const names = ['KAFKA_PORT', 'KAFKA_UI_PORT', 'POSTGRES_PORT', 'SMTP_PORT', 'MAIL_PORT'];
  const ports = Object.fromEntries(names.map((name, index) => [name, String(firstPort + index)]));
  const service = await startProgram({
    name: 'service',
    command: offlineCommand(firstPort + names.length, firstPort + names.length + 1),
    readyText: serviceIsReady,
    environment: { ...ports, OPENORDER_STACK: 'embedded' },
    directory,
  });
  await service.stop();
  step.done();
  return (service.readyAt - service.startedAt) / 1000;
}
