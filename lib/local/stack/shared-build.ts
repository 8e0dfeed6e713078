import { build, type BuildOptions, type Plugin } from 'esbuild';
import { type BundlerOptions, esbuildOptions } from '../../../bundler/esbuild-options.ts';

/** The part of serverless-esbuild's plugin that is used here. */
export interface SharedBuilder {
  readonly serviceDirPath: string;
  readonly buildDirPath: string;
  readonly buildOptions: BundlerOptions;
  readonly plugins: Plugin[];
  readonly functionEntries: readonly { readonly entry: string }[];
  /** By entry; where it can rebuild, `bundle` has it do so instead of bundling the entry. */
  buildCache: Readonly<Record<string, { readonly result: { rebuild(): Promise<unknown> } }>>;
  bundle(): Promise<void>;
}

/**
 * Has the functions bundled together from now on, with chunks for what they share. serverless-esbuild bundles
 * each on its own, as a package needs it, and minifies shared code once per function: 5.7 s of CPU in each
 * start, against 1.0.
 * @param run esbuild's `build`
 */
export function shareBuild(
  bundler: SharedBuilder,
  run: (options: BuildOptions) => Promise<unknown> = build,
): void {
  const bundle = bundler.bundle.bind(bundler);
  bundler.bundle = async () => {
    const entries = [...new Set(bundler.functionEntries.map(({ entry }) => entry))];
    let built: Promise<unknown> | undefined;
    const rebuild = () => (built ??= run(optionsFor(bundler, entries)));
    bundler.buildCache = Object.fromEntries(entries.map((entry) => [entry, { result: { rebuild } }]));
    await bundle();
  };
}

function optionsFor(
  { serviceDirPath, buildDirPath, buildOptions, plugins }: SharedBuilder,
  entryPoints: string[],
): BuildOptions {
  return {
    ...esbuildOptions(buildOptions),
    chunkNames: 'shared/[name]-[hash]',
    plugins,
    entryPoints,
    outbase: serviceDirPath,
    outdir: buildDirPath,
  };
}
