import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './leftover.ts';
import type { Serverless } from './serverless.ts';
import { projectDirectory } from './settings.ts';

const parent = '.esbuild';

/**
 * Gives each command its own folder to bundle into: `serverless package` beside a running start would delete its bundles.
 * The folder goes when the process ends; one that was killed is cleared away by the next command.
 */
export function useOwnWorkFolder({ service }: Serverless): void {
  const folder = join(parent, String(process.pid));
  service.custom = {
    ...service.custom,
    esbuild: { ...service.custom?.['esbuild'], outputWorkFolder: folder },
  };
  removeStale();
  process.once('exit', () => {
    rmSync(join(projectDirectory, folder), { recursive: true, force: true });
  });
}

function removeStale(): void {
  const directory = join(projectDirectory, parent);
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    if (!isAlive(Number(name))) rmSync(join(directory, name), { recursive: true, force: true });
  }
}
