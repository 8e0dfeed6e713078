import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftover, isAlive, rememberChild } from './leftover.ts';

const directory = mkdtempSync(join(tmpdir(), 'openorder-leftover-'));
const file = join(directory, 'child.json');
let child: ChildProcess;

beforeEach(async () => {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', directory]);
  await once(child, 'spawn');
});
afterEach(() => {
  child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const remember = (owner: number, pid = child.pid) => {
  writeFileSync(file, JSON.stringify({ pid, owner }));
};

describe('what an earlier start left behind', () => {
  it('when its owner is gone, then it is ended', async () => {
    remember(await pidOfNobody());
    const exited = once(child, 'exit');
    await endLeftover(file, directory, 'SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('when its owner lives, then it stays and the error names the owner', async () => {
    remember(process.ppid);
    const error = endLeftover(file, directory, 'SIGTERM');
    await expect(error).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    await expect(error).rejects.toThrow(`process ${process.ppid}`);
    expect(isAlive(child.pid as number)).toBe(true);
  });

  it('when its pid now belongs to another program, then that one stays', async () => {
    remember(await pidOfNobody());
    await endLeftover(file, '/another/directory', 'SIGTERM');
    expect(isAlive(child.pid as number)).toBe(true);
  });

  it('when nothing was remembered, or half of it, then nothing happens', async () => {
    await endLeftover(join(directory, 'none.json'), directory, 'SIGTERM');
    writeFileSync(file, '{"pid":');
    await endLeftover(file, directory, 'SIGTERM');
    expect(isAlive(child.pid as number)).toBe(true);
  });

  it('when this process remembers a child, then it counts as the owner and may end it', async () => {
    await rememberChild(file, child.pid as number);
    const exited = once(child, 'exit');
    await endLeftover(file, directory, 'SIGTERM');
    expect(await exited).toEqual([null, 'SIGTERM']);
  });
});

async function pidOfNobody(): Promise<number> {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  return gone.pid as number;
}
