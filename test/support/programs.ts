import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes shell scripts that stand in for programs, as `name: script`.
 * @returns their folder, to be the PATH of whatever should find them
 */
export function writePrograms(directory: string, programs: Readonly<Record<string, string>>): string {
  const folder = join(directory, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}
