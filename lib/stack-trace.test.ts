import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { sourceStack } from './stack-trace.ts';

const run = promisify(execFile);
let directory: string;

beforeEach(async () => {
  // A folder that must be escaped in a URL.
  directory = await mkdtemp(join(tmpdir(), 'stack trace ü-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const sourceText = `interface Wish { readonly text: string }
export function fail(wish: Wish): never {
  throw new Error(wish.text);
}`;

/**
 * The stack of an error that is thrown on line 3 of a source, which is bundled and minified, as plain Node
 * writes it.
 */
async function stackOfBundle(sourcemap: boolean): Promise<string> {
  const source = join(directory, 'source.ts');
  const outfile = join(directory, 'bundle.mjs');
  await writeFile(source, sourceText);
  await build({ entryPoints: [source], outfile, bundle: true, minify: true, format: 'esm', sourcemap });
  const program = `const { fail } = await import(${JSON.stringify(pathToFileURL(outfile).href)});
    try { fail({ text: 'broken' }); } catch (error) { console.log(error.stack); }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  return stdout.trim();
}

it('when the bundle has a map, positions are those in the sources', async () => {
  const stack = sourceStack(await stackOfBundle(true));
  expect(stack).toMatch(/^Error: broken\n {4}at \S+ \(source\.ts:3:9\)/);
  expect(stack).not.toContain('bundle.mjs');
});

it('when the bundle has no map, the stack stays as it is', async () => {
  const stack = await stackOfBundle(false);
  expect(sourceStack(stack)).toBe(stack);
});

it('when a stack has other positions, they stay', () => {
  const stack = 'Error: at /a.js\n    at new Promise (<anonymous>)\n    at node:internal/timers:5:3';
  expect(sourceStack(stack)).toBe(stack);
});
