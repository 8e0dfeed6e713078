import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stop as stopBundler } from 'esbuild';
import { isAlive } from './leftover.ts';
import type { Serverless } from './serverless.ts';
import { projectDirectory } from './settings.ts';

const parent = '.esbuild';

/**
 * Gives each command its own folder to bundle into: `serverless package` would otherwise delete the bundles
 * of a running start. The folder and the bundler are removed when the process ends; the next command removes
 * what a killed one left behind.
 */
export function useOwnWorkFolder({ service }: Serverless): void {
  const folder = join(parent, String(process.pid));
  service.custom = {
    ...service.custom,
    esbuild: { ...service.custom?.['esbuild'], outputWorkFolder: folder },
  };
  removeStale();
  process.once('exit', () => {
    void stopBundler(); // otherwise it takes a second to notice that it is no longer needed
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
