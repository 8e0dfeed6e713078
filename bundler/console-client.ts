import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type OutputFile, type Plugin } from 'esbuild';

const entryPoint = join(import.meta.dirname, '../functions/console/client/main.tsx');

/**
 * Lets the function `console` import `console:client`: script and style of the browser, compressed and named
 * by their content.
 */
export function consoleClient(): Plugin {
  return {
    name: 'console-client',
    setup: (bundle) => {
      bundle.onResolve({ filter: /^console:client$/ }, ({ path }) => ({ path, namespace: 'console' }));
      bundle.onLoad({ filter: /.*/, namespace: 'console' }, async () => {
        const { files, inputs } = await buildClient();
        return {
          contents: files.map((file) => `export const ${kindOf(file)} = ${assetOf(file)};`).join('\n'),
          loader: 'js',
          watchFiles: inputs,
        };
      });
    },
  };
}

/**
 * Bundles the client for the browsers of the last two years: `light-dark()` and `Map.groupBy` are as young as
 * that.
 */
export async function buildClient(): Promise<{ readonly files: OutputFile[]; readonly inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entryPoint],
    outdir: '/',
    write: false,
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'css' },
    logLevel: 'warning',
  });
  return {
    files: outputFiles,
    inputs: Object.keys(metafile.inputs).map((file) => join(process.cwd(), file)),
  };
}

function kindOf({ path }: OutputFile): 'script' | 'style' {
  return path.endsWith('.css') ? 'style' : 'script';
}

/**
 * A file as the function keeps it: compressed twice, in base64, under a name that changes with its content.
 */
function assetOf({ path, contents }: OutputFile): string {
  const hash = createHash('sha256').update(contents).digest('base64url').slice(0, 12);
  const extension = path.endsWith('.css') ? 'css' : 'js';
  const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return JSON.stringify({
    name: `console-${hash}.${extension}`,
    brotli: brotli.toString('base64'),
    gzip: gzipSync(contents, { level: 9 }).toString('base64'),
  });
}
