import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';

const directory = join(import.meta.dirname, '../migrations');

/** Lets a function import `deployed:migrations`: the SQL files of every service, with their text. */
export function deployedMigrations(): Plugin {
  return {
    name: 'deployed-migrations',
    setup: (build) => {
      build.onResolve({ filter: /^deployed:migrations$/ }, ({ path }) => ({
        path,
        namespace: 'deployed-migrations',
      }));
      build.onLoad({ filter: /.*/, namespace: 'deployed-migrations' }, () => ({
        contents: `export const steps = ${JSON.stringify(readSteps())};`,
        loader: 'js',
        watchFiles: sqlFiles().map((file) => join(directory, file)),
      }));
      leaveOut(build);
    },
  };
}

/**
 * node-pg-migrate loads steps in TypeScript by `jiti` and finds them by patterns with `glob`; ours are SQL in
 * one folder per service. The two are 270 KB of the bundle, and take a tenth of its cold start.
 */
function leaveOut(build: PluginBuild): void {
  build.onResolve({ filter: /^(jiti|glob)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
  build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
    contents: 'export const createJiti = () => undefined, glob = undefined;',
    loader: 'js',
  }));
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
