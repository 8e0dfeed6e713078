import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

const run = promisify(execFile);

/** The version whose checks the documents have passed. https://schemathesis.readthedocs.io */
const version = '4.32.5';

/**
 * The path of schemathesis, which is installed into a virtual environment of its own the first time.
 * @throws Error that says in one sentence what is missing
 */
export async function installSchemathesis(): Promise<string> {
  const directory = join(projectDirectory, '.local', `schemathesis-${version}`);
  const schemathesis = join(directory, 'bin', 'schemathesis');
  if (existsSync(schemathesis)) return schemathesis;
  await step('Python 3.10 or newer with venv is needed for test:contracts', 'python3', [
    '-m',
    'venv',
    directory,
  ]);
  const pip = join(directory, 'bin', 'pip');
  const packages = ['install', '--quiet', `schemathesis==${version}`];
  await step(`schemathesis ${version} could not be installed by pip`, pip, packages);
  return schemathesis;
}

async function step(complaint: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, args);
  } catch (cause) {
    throw new Error(`${complaint}.`, { cause });
  }
}
