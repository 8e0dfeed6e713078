import { createHash } from 'node:crypto';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { virtualModule } from './virtual-module.ts';

const entryPoint = join(import.meta.dirname, '../functions/console/client/main.tsx');

/**
 * Lets the function `console` import `console:client`: script and style of the browser, compressed and named
 * by their content.
 */
export function consoleClient(): Plugin {
  return virtualModule('console:client', async () => {
    const { files, inputs } = await buildClient();
    return { code: moduleOf(files), files: inputs };
  });
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
    charset: 'utf8',
    metafile: true,
    format: 'esm',
    splitting: true, // each visitor loads the texts of one language
    chunkNames: 'console-[name]-[hash]',
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

/** Whether a file holds the texts of a language. */
export function isDictionary({ path }: OutputFile): boolean {
  return basename(path).startsWith('console-');
}

function moduleOf(files: readonly OutputFile[]): string {
  const shell = files.filter((file) => !isDictionary(file));
  const dictionaries = files.filter(isDictionary).map((file) => assetOf(file, basename(file.path)));
  return [
    ...shell.map((file) => `export const ${kindOf(file)} = ${assetOf(file, nameOf(file))};`),
    `export const dictionaries = [${dictionaries.join()}];`,
  ].join('\n');
}

function kindOf({ path }: OutputFile): 'script' | 'style' {
  return path.endsWith('.css') ? 'style' : 'script';
}

/** A name that changes with the file's content. */
function nameOf({ path, contents }: OutputFile): string {
  const hash = createHash('sha256').update(contents).digest('base64url').slice(0, 12);
  return `console-${hash}${extname(path)}`;
}

/** A file as the function keeps it: compressed twice, in base64. */
function assetOf({ contents }: OutputFile, name: string): string {
  const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return JSON.stringify({
    name,
    brotli: brotli.toString('base64'),
    gzip: gzipSync(contents, { level: 9 }).toString('base64'),
  });
}
