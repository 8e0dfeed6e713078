import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { virtualModule } from './virtual-module.ts';

const directory = join(import.meta.dirname, '../migrations');

/** Lets a function import `deployed:migrations`: the SQL files of every service, with their text. */
export function deployedMigrations(): Plugin {
  return virtualModule('deployed:migrations', () => ({
    code: `export const steps = ${JSON.stringify(readSteps())};`,
    files: sqlFiles().map((file) => join(directory, file)),
  }));
}

/**
 * node-pg-migrate loads steps in TypeScript with `jiti` and finds them by patterns with `glob`; ours are SQL
 * in one folder per service. The two are 270 KB of the bundle, and take a tenth of its cold start.
 */
export function withoutStepLoaders(): Plugin[] {
  return [
    virtualModule('jiti', () => ({ code: 'export const createJiti = () => undefined;' })),
    virtualModule('glob', () => ({ code: 'export const glob = undefined;' })),
  ];
}

/** Every step of every service, in the order of their files' names. */
export function readSteps() {
  return sqlFiles().map((file) => ({ file, sql: readFileSync(join(directory, file), 'utf8') }));
}

/** The steps as `<service>/<step>.sql`; files outside the services' folders are not steps. */
function sqlFiles(): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.includes('/') && file.endsWith('.sql'))
    .toSorted();
}
