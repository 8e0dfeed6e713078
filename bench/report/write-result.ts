import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { pageOf } from './page.ts';
import type { Result } from './result.ts';

/** Writes `bench/results/<date>.json` and the page of the same name. @returns their paths */
export async function writeResult(result: Result): Promise<string[]> {
  const directory = join(projectDirectory, 'bench/results');
  await mkdir(directory, { recursive: true });
  const name = result.startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  const json = join(directory, `${name}.json`);
  const page = join(directory, `${name}.html`);
  await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(page, await pageOf(result));
  return [json, page];
}
