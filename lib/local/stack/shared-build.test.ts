import { jest } from '@jest/globals';
import type { BuildOptions } from 'esbuild';
import { shareBuild, type SharedBuilder } from './shared-build.ts';

/** A bundler that, as serverless-esbuild does, has each entry of its cache rebuilt. */
function bundlerOf(...entries: readonly string[]) {
  const bundler: SharedBuilder = {
    serviceDirPath: '/project',
    buildDirPath: '/project/.esbuild/.build',
    buildOptions: { minify: true, exclude: ['pg-native'] },
    plugins: [],
    functionEntries: entries.map((entry) => ({ entry })),
    buildCache: {},
    bundle: async () => {
      await Promise.all(entries.map(async (entry) => bundler.buildCache[entry]?.result.rebuild()));
    },
  };
  const run = jest.fn<(options: BuildOptions) => Promise<unknown>>(() => Promise.resolve(undefined));
  shareBuild(bundler, run);
  return { bundler, run };
}

describe('the build that functions share', () => {
  it('when functions are bundled, then esbuild runs once for all of them', async () => {
    const { bundler, run } = bundlerOf('functions/a.ts', 'functions/b.ts', 'functions/a.ts');
    await bundler.bundle();
    expect(run).toHaveBeenCalledTimes(1);
    expect(run).toHaveBeenCalledWith(
      expect.objectContaining({
        entryPoints: ['functions/a.ts', 'functions/b.ts'],
        outbase: '/project',
        outdir: '/project/.esbuild/.build',
        minify: true,
        external: ['pg-native'],
      }),
    );
  });

  it('when they are bundled again, then esbuild runs again', async () => {
    const { bundler, run } = bundlerOf('functions/a.ts', 'functions/b.ts');
    await bundler.bundle();
    await bundler.bundle();
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('when esbuild fails, then so does bundling, and the next attempt builds again', async () => {
    const { bundler, run } = bundlerOf('functions/a.ts', 'functions/b.ts');
    run.mockRejectedValueOnce(new Error('no such file'));
    await expect(bundler.bundle()).rejects.toThrow('no such file');
    await bundler.bundle();
    expect(run).toHaveBeenCalledTimes(2);
  });
});
