import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Step } from 'deployed:migrations';
import { migrate } from '../../migrations/migrate.ts';

/**
 * Brings the schemas up to date with steps that the bundle holds as text. node-pg-migrate reads files, so
 * they are written to a folder first; `/tmp` is the only place where Lambda lets a function write.
 * @returns the steps that ran, as `<service>/<step>`
 */
export async function migrateSchemas(databaseUrl: string, steps: readonly Step[]): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-migrations-'));
  try {
    for (const { file, sql } of steps) {
      await mkdir(join(directory, dirname(file)), { recursive: true });
      await writeFile(join(directory, file), sql);
    }
    return await migrate(databaseUrl, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
