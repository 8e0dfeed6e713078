import type { BuildOptions } from 'esbuild';

/** `custom.esbuild` of serverless.yml: options of esbuild and of serverless-esbuild side by side. */
export type BundlerOptions = Omit<BuildOptions, 'plugins'> & {
  readonly exclude?: readonly string[];
  readonly plugins?: unknown;
};

/**
 * The options that serverless-esbuild keeps to itself or translates.
 * https://github.com/floydspace/serverless-esbuild#options
 */
const ofServerlessEsbuild = new Set([
  'concurrency',
  'disposeContext',
  'exclude',
  'installExtraArgs',
  'keepOutputDirectory',
  'nativeZip',
  'outputBuildFolder',
  'outputFileExtension',
  'outputWorkFolder',
  'packagePath',
  'packager',
  'packagerOptions',
  'plugins',
  'skipBuild',
  'skipBuildExcludeFns',
  'skipRebuild',
  'stripEntryResolveExtensions',
  'watch',
  'zipConcurrency',
]);

/** What esbuild gets of them, apart from the plugins; it refuses options that it does not know. */
export function esbuildOptions(options: BundlerOptions): BuildOptions {
  const { external = [], exclude = [] } = options;
  const known = Object.entries(options).filter(([name]) => !ofServerlessEsbuild.has(name));
  return { ...Object.fromEntries(known), external: [...external, ...exclude] };
}
