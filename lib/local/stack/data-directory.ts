import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from './errors.ts';

/**
 * Creates the folder for data and logs, and makes sure that it is writable.
 * @throws StackError `FOLDER_NOT_WRITABLE`
 */
export async function prepareDirectory(directory: string): Promise<void> {
  const probe = join(directory, `writable-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw notWritable(directory, cause);
  }
}

/**
 * Writes a file that others read at any time: they find the old one or the new one, never half of it.
 * Readable by its owner only.
 * @throws StackError `FOLDER_NOT_WRITABLE`
 */
export async function writeAtomically(directory: string, name: string, text: string): Promise<void> {
  const unfinished = join(directory, `${name}.${process.pid}`);
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, join(directory, name));
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined); // on a read-only disk it cannot be removed either
    throw notWritable(directory, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'its disk is full',
  EDQUOT: "this user's share of its disk is full",
  ENOTDIR: 'part of its path is a file',
  EEXIST: 'it is a file',
};

function notWritable(directory: string, cause: unknown): StackError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const reason = reasons[code] ?? String(cause);
  return new StackError(
    'FOLDER_NOT_WRITABLE',
    `The folder ${directory} cannot be written to, since ${reason}: fix that, or set OPENORDER_DATA_DIR to another folder.`,
    { cause },
  );
}
