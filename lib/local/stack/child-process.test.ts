import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import { isAlive } from './leftover.ts';
import { until } from './until.ts';

const directory = mkdtempSync(join(tmpdir(), 'openorder-child-'));
let logFile: string;
const patience = { deadlineMs: 10_000, what: 'the child' };
const run = (script: string) =>
  startChild(process.execPath, ['-e', script], { logFile, orphanSignal: 'SIGTERM' });
const forever = 'setInterval(() => {}, 1e6); console.log("up");';
const isUp = () => readFileSync(logFile, 'utf8').includes('up');

beforeEach(() => {
  logFile = join(mkdtempSync(join(directory, 'log-')), 'child.log');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

jest.setTimeout(30_000); // longer than the patience below, which explains itself

describe('a program that ends with this process', () => {
  it('when it exits on its own, then its exit code and output are known', async () => {
    const child = await run('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(await child.exited).toBe(3);
    expect(child.hasExited()).toBe(true);
    expect((await child.lastOutput()).split('\n').sort()).toEqual(['err', 'out']);
  });

  it('when it creates files, then only their owner can read them, its log included', async () => {
    const file = join(directory, 'made.txt');
    const child = await run(`require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`);
    await child.exited;
    expect([file, logFile].map((made) => statSync(made).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('when it is started again, then what it wrote before stays in the log and out of its output', async () => {
    await (
      await run('console.log("first")')
    ).exited;
    const second = await run('console.log("second")');
    await second.exited;
    expect(readFileSync(logFile, 'utf8')).toBe('first\nsecond\n');
    expect(await second.output()).toBe('second\n');
    expect(await second.lastOutput()).toBe('second');
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
