import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build as esbuild, type BuildOptions } from 'esbuild';
import { parse } from 'yaml';
import { type BundlerOptions, esbuildOptions } from '../../bundler/esbuild-options.ts';
import type bundlerPlugins from '../../bundler/index.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { firstEvent, type Trigger } from '../flow/first-event.ts';

/** A function as it is packaged. */
export interface Bundle {
  readonly functionKey: string;
  /** One that the function can answer without any existing data. */
  readonly event: object;
  /** The entry point. */
  readonly file: string;
  /** The size of all its files, including those that are loaded later. */
  readonly kilobytes: number;
}

interface Configuration {
  readonly functions: Record<string, { readonly handler: string; readonly events?: readonly Trigger[] }>;
  readonly custom: {
    readonly esbuild: BundlerOptions & { readonly plugins: string };
  };
}

/** The module that `plugins` names; it creates the plugins for a service, as serverless-esbuild expects. */
interface PluginFile {
  readonly default: typeof bundlerPlugins;
}

/**
 * Bundles functions as `serverless package` does, with the options in serverless.yml; the bundles are removed
 * when the work is done.
 * @param only function keys; undefined for all
 */
export async function withBundles<Result>(
  only: readonly string[] | undefined,
  work: (bundles: readonly Bundle[]) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(projectDirectory, '.esbuild-bench-')); // in the project, so that node_modules is found as in a deployed function
  try {
    return await work(await build(directory, only));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function build(directory: string, only?: readonly string[]): Promise<Bundle[]> {
  const text = await readFile(join(projectDirectory, 'serverless.yml'), 'utf8');
  const { functions, custom } = parse(text, { logLevel: 'silent' }) as Configuration;
  const { default: pluginsFor } = (await import(
    join(projectDirectory, custom.esbuild.plugins)
  )) as PluginFile;
  const options: BuildOptions = {
    ...esbuildOptions(custom.esbuild),
    plugins: pluginsFor({ service: { functions } }),
  };
  const wanted = Object.entries(functions).filter(([functionKey]) => only?.includes(functionKey) ?? true);
  return Promise.all(
    wanted.map(async ([functionKey, { handler, events }]) => ({
      functionKey,
      event: firstEvent(events),
      ...(await bundle(handler, options, join(directory, functionKey))),
    })),
  );
}

async function bundle(handler: string, options: BuildOptions, outdir: string) {
  const { metafile } = await esbuild({
    ...options,
    metafile: true,
    entryPoints: [join(projectDirectory, handler.replace(/\.handler$/, '.ts'))],
    entryNames: 'index',
    outdir,
    outExtension: { '.js': '.mjs' },
  });
  const code = Object.entries(metafile.outputs).filter(([file]) => !file.endsWith('.map'));
  const bytes = code.reduce((sum, [, output]) => sum + output.bytes, 0);
  return { file: join(outdir, 'index.mjs'), kilobytes: bytes / 1000 };
}
