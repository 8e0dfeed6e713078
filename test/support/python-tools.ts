import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

const run = promisify(execFile);

/**
 * The folder with the programs of Python packages, which are installed the first time, into their own virtual
 * environment under `.local`.
 * @param packages with their versions, such as `moto[server]==5.2.5`
 * @param purpose what needs them, as used in "Python 3.10 or newer with venv is needed for …"
 * @throws Error that says in one sentence what is missing
 */
export async function installPythonTools(packages: readonly string[], purpose: string): Promise<string> {
  const directory = join(
    projectDirectory,
    '.local',
    `python-${packages.join('-').replaceAll(/[^\w.-]/g, '-')}`,
  );
  const programs = join(directory, 'bin');
  const isComplete = join(directory, 'complete');
  if (existsSync(isComplete)) return programs;
  await rm(directory, { recursive: true, force: true });
  await step(`Python 3.10 or newer with venv is needed for ${purpose}`, 'python3', ['-m', 'venv', directory]);
  await step(`${packages.join(' and ')} could not be installed by pip`, join(programs, 'pip'), [
    'install',
    '--quiet',
    ...packages,
  ]);
  await writeFile(isComplete, '');
  return programs;
}

async function step(complaint: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, args);
  } catch (cause) {
    throw new Error(`${complaint}.`, { cause });
  }
}
