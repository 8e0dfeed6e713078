import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeClients, findAddresses } from './invoke-local.ts';
import { readSettings } from './settings.ts';
import { readState, removeState, writeState } from './state-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'openorder-state-'));
const addresses = {
  brokers: ['127.0.0.1:1'],
  databaseUrl: 'postgres://127.0.0.1:2/x',
  smtpUrl: 'smtp://127.0.0.1:3',
};
const lambdaEndpoint = 'http://localhost:3002';
const settings = (environment = {}) => readSettings({ OPENORDER_DATA_DIR: directory, ...environment });
let running: ChildProcess;

beforeEach(async () => {
  running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'serverless']);
  await once(running, 'spawn');
});
afterEach(async () => {
  running.kill('SIGKILL');
  await removeState(directory);
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const write = (pid = running.pid as number) => writeState(directory, { pid, ...addresses, lambdaEndpoint });

describe('a function invoked without serverless-offline', () => {
  it.each(['', '{"pid": 1', 'null', '[]', '{"pid": 1}'])(
    'when the state file holds %j, then a sentence names the file and what to do',
    async (text) => {
      writeFileSync(join(directory, 'stack.json'), text);
      const found = findAddresses(settings());
      await expect(found).rejects.toMatchObject({ code: 'STATE_DAMAGED' });
      await expect(found).rejects.toThrow(`${join(directory, 'stack.json')} is damaged`);
    },
  );

  it("when a state is written over another, then nothing else is left in the folder, and it is its owner's", async () => {
    await write();
    await write();
    expect(readdirSync(directory)).toEqual(['stack.json']);
    expect(statSync(join(directory, 'stack.json')).mode & 0o777).toBe(0o600);
  });

  it('when the stack runs, then its addresses are found', async () => {
    await write();
    expect(await findAddresses(settings())).toEqual(addresses);
    expect(await readState(directory)).toMatchObject({ lambdaEndpoint });
  });

  it("when an address is set, then it takes precedence over the stack's", async () => {
    await write();
    const found = await findAddresses(settings({ DATABASE_URL: 'postgres://other' }));
    expect(found).toEqual({ ...addresses, databaseUrl: 'postgres://other' });
  });

  it('when all are set, then no stack is needed', async () => {
    const set = settings({ KAFKA_BROKERS: 'k:1', DATABASE_URL: 'postgres://p', SMTP_URL: 'smtp://m' });
    expect(await findAddresses(set)).toEqual({
      brokers: ['k:1'],
      databaseUrl: 'postgres://p',
      smtpUrl: 'smtp://m',
    });
  });

  it('when no stack runs, then the error says how to start it', async () => {
    await expect(findAddresses(settings())).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
    await expect(findAddresses(settings())).rejects.toThrow('"npm start"');
  });

  it('when the stack was killed, then it counts as not running', async () => {
    await write();
    running.kill('SIGKILL');
    await once(running, 'exit');
    await expect(findAddresses(settings())).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
  });

  it("when the stack's pid now belongs to another program, then it counts as not running", async () => {
    await write(process.ppid);
    await expect(findAddresses(settings())).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' });
  });

  it('when it has opened clients, then each is closed', async () => {
    const closed: string[] = [];
    const close = (name: string) => () => Promise.resolve(void closed.push(name));
    Object.assign(globalThis, { [Symbol.for('openorder.closeAll')]: [close('kafka'), close('postgres')] });
    await closeClients();
    expect(closed).toEqual(['kafka', 'postgres']);
  });
});
