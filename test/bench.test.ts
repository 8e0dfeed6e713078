import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { projectDirectory } from '../lib/local/stack/settings.ts';

const run = promisify(execFile);

/** Distinct from the bench's default ports, and from those of the other tests. */
const firstPort = '19500';

const functionKeys = () => {
  const text = readFileSync(join(projectDirectory, 'serverless.yml'), 'utf8');
  return Object.keys((parse(text, { logLevel: 'silent' }) as { functions: object }).functions);
};

it('when the bench measures the bundles, then it shows size, load time and cold start of every function', async () => {
  const program = join(projectDirectory, 'bench/index.ts');
  const { stdout } = await run(process.execPath, [program, 'bundles', '--quick', '--first-port', firstPort], {
    cwd: projectDirectory,
    timeout: 120_000,
  });
  const rows = stdout.split('\n').filter((line) => line.startsWith('│ bundles'));
  for (const key of functionKeys()) {
    expect(rows).toContainEqual(expect.stringMatching(new RegExp(`│ ${key} .*│ KB`)));
    expect(rows).toContainEqual(expect.stringMatching(new RegExp(`│ ${key}, load to ready .*│ ms`)));
    expect(rows).toContainEqual(
      expect.stringMatching(new RegExp(`│ ${key}, cold start to the first response .*│ ms`)),
    );
  }
  const results = stdout.split('\n').filter((line) => /bench\/results\/.*\.(json|html)$/.test(line));
  expect(results).toHaveLength(2);
  for (const file of results) await rm(file);
}, 150_000);
