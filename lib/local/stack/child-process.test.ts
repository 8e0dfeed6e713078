import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import { isAlive } from './leftover.ts';
import { until } from './until.ts';

const directory = mkdtempSync(join(tmpdir(), 'openorder-child-'));
const logFile = join(directory, 'child.log');
const patience = { deadlineMs: 10_000, what: 'the child' };
const run = (script: string) =>
  startChild(process.execPath, ['-e', script], { logFile, orphanSignal: 'SIGTERM' });
const forever = 'setInterval(() => {}, 1e6); console.log("up");';
const isUp = () => readFileSync(logFile, 'utf8').includes('up');

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('a program that ends with this process', () => {
  it('when it ends by itself, then its exit code and what it wrote are known', async () => {
    const child = await run('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(await child.exited).toBe(3);
    expect(child.hasExited()).toBe(true);
    expect((await child.lastOutput()).split('\n').sort()).toEqual(['err', 'out']);
  });

  it('when there is no such program, then the error says so', async () => {
    const missing = startChild('no-such-program', [], { logFile, orphanSignal: 'SIGTERM' });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('when it is asked to stop, then it gets that signal', async () => {
    const child = await run(`process.on('SIGINT', () => process.exit(7)); ${forever}`);
    await until(isUp, patience);
    await child.stop('SIGINT', 10_000);
    expect(await child.exited).toBe(7);
  });

  it('when it does not obey, then it is killed', async () => {
    const child = await run(`process.on('SIGTERM', () => {}); ${forever}`);
    await until(isUp, patience);
    await child.stop('SIGTERM', 50);
    expect(await child.exited).toBeNull();
  });

  it.each([
    ['runs', 'SIGCONT'],
    ['is frozen', 'SIGSTOP'],
  ] as const)(
    'when it %s and the process that started it is killed, then it gets the orphan signal',
    async (_, before) => {
      const script = join(directory, 'parent.mjs');
      const module = join(import.meta.dirname, 'child-process.ts');
      const child = `process.on('SIGTERM', () => { console.log('orphaned'); process.exit() }); ${forever}`;
      writeFileSync(
        script,
        `import { startChild } from ${JSON.stringify(module)};
       const child = await startChild(process.execPath, ['-e', ${JSON.stringify(child)}], ${JSON.stringify({ logFile, orphanSignal: 'SIGTERM' })});
       console.log(child.pid); setInterval(() => {}, 1e6);`,
      );
      const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
      await until(isUp, patience);
      process.kill(Number(pid), before);

      parent.kill('SIGKILL');
      await until(() => !isAlive(Number(pid)), patience);
      expect(readFileSync(logFile, 'utf8')).toContain('orphaned');
    },
  );
});
