import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDirectory, writeAtomically } from './data-directory.ts';

const parent = mkdtempSync(join(tmpdir(), 'openorder-data-'));

afterAll(() => {
  rmSync(parent, { recursive: true });
});

describe('the folder for data', () => {
  it('when it does not exist, then it is created', async () => {
    await prepareDirectory(join(parent, 'a', 'b'));
    await writeAtomically(join(parent, 'a', 'b'), 'file', 'text');
    expect(readFileSync(join(parent, 'a', 'b', 'file'), 'utf8')).toBe('text');
  });

  it.each([
    ['is a file', 'file', 'it is a file'],
    ['is inside a file', 'file/below', 'part of its path is a file'],
  ])('when it %s, then a sentence says so, and names the setting', async (_, name, reason) => {
    writeFileSync(join(parent, 'file'), '');
    const prepared = prepareDirectory(join(parent, name));
    await expect(prepared).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
    await expect(prepared).rejects.toThrow(
      `The folder ${join(parent, name)} cannot be written to, since ${reason}: fix that, or set OPENORDER_DATA_DIR to another folder.`,
    );
  });

  // The kernel's own read-only folder: permissions would not stop root.
  it('when it is read-only, then a sentence says so', async () => {
    await expect(writeAtomically('/proc/self', 'stack.json', '')).rejects.toMatchObject({
      code: 'FOLDER_NOT_WRITABLE',
    });
  });
});
