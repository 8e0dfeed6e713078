import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { eventually } from './testing/eventually.ts';
import { freePort, OfflineService } from './testing/offline-service.ts';

jest.setTimeout(60_000);

/**
 * The behaviour of serverless-offline 14.8 that this plugin relies on, tested without the plugin. A failure
 * after an upgrade shows what has changed.
 */
const handlersSource = `
export const nothing = async () => undefined;
export const text = async () => 'te"xt';
export const throwError = async () => { throw new TypeError('boom'); };
export const throwText = async () => { throw 'boom'; };
export const hang = () => new Promise(() => {});
export const bigInt = async () => 1n;
export const size = async (event) => ({ length: event.text.length });
export const worker = async () => ({ script: process.argv[1], options: process.env.NODE_OPTIONS });
`;
const probeSource = `
import { appendFileSync } from 'node:fs';
const note = (name) => async () => {
  await new Promise((resolve) => setImmediate(resolve));
  appendFileSync('hooks', name + '\\n');
};
const names = ['before:offline:start', 'before:offline:start:init', 'before:offline:start:ready',
  'before:offline:start:end', 'offline:start:end', 'after:offline:start:end'];
export default class { hooks = Object.fromEntries(names.map((name) => [name, note(name)])); }
`;
const functions = ['nothing', 'text', 'throwError', 'throwText', 'hang', 'bigInt', 'size', 'worker'];
const service = new OfflineService({
  service: 'contract',
  provider: { name: 'aws', runtime: 'nodejs24.x', region: 'us-east-1' },
  plugins: ['serverless-offline', './probe.mjs'],
  functions: Object.fromEntries(
    functions.map((name) => [
      name,
      {
        handler: `host.${name}`,
        environment: { NODE_OPTIONS: '--no-deprecation' },
        // The timeout includes the worker's start, which takes longer than 1 s on a busy machine.
        timeout: name === 'hang' ? 1 : 30,
      },
    ]),
  ),
});
let endpoint: string;

async function invoke(
  name: string,
  body = '{}',
): Promise<{ status: number; error: string | null; payload: string }> {
  const response = await fetch(`${endpoint}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    body,
  });
  return {
    status: response.status,
    error: response.headers.get('x-amz-function-error'),
    payload: await response.text(),
  };
}

beforeAll(async () => {
  writeFileSync(join(service.folder, 'host.mjs'), handlersSource);
  writeFileSync(join(service.folder, 'probe.mjs'), probeSource);
  service.spawn('offline', 'start', '--lambdaPort', String(await freePort()));
  endpoint = await eventually(
    'the endpoint listens',
    () => /listening on (http:\S+)/.exec(service.output)?.[1],
  );
});

afterAll(async () => {
  await service.remove();
});

describe('the Invoke endpoint of serverless-offline', () => {
  it('when the deployed name is called, it responds; a function key is unknown', async () => {
    expect(await invoke('contract-dev-nothing')).toEqual({ status: 200, error: null, payload: '' });
    expect((await invoke('nothing')).status).toBe(404);
  });

  it('when the function throws an error, the response is 200 with the function error', async () => {
    const { status, error, payload } = await invoke('contract-dev-throwError');
    expect({ status, error }).toEqual({ status: 200, error: 'Unhandled' });
    expect(JSON.parse(payload)).toMatchObject({ errorMessage: 'boom' });
  });

  it('when the function throws a string, the response looks like success: the reason for the worker guard', async () => {
    expect(await invoke('contract-dev-throwText')).toEqual({ status: 200, error: null, payload: '"boom"' });
  });

  it('when the function returns a string, its quotes are not escaped', async () => {
    expect((await invoke('contract-dev-text')).payload).toBe('"te"xt"');
  });

  it('when the function hangs, its timeout is a function error, and the next call works', async () => {
    const { status, error, payload } = await invoke('contract-dev-hang');
    expect({ status, error }).toEqual({ status: 200, error: 'Unhandled' });
    expect(payload).toContain('[504] - Lambda timeout.');
    expect((await invoke('contract-dev-nothing')).status).toBe(200);
  });

  it('when the function returns a BigInt, the response is 500', async () => {
    expect((await invoke('contract-dev-bigInt')).status).toBe(500);
  });

  it('when the event has 6 MiB, it is accepted; when it has more, it is refused with 413', async () => {
    const limit = 6 * 1024 * 1024;
    const eventOf = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect((await invoke('contract-dev-size', eventOf(limit))).status).toBe(200);
    expect((await invoke('contract-dev-size', eventOf(limit + 1))).status).toBe(413);
  });

  it('when a worker starts, it has the function’s NODE_OPTIONS, and its script is where the guard expects it', async () => {
    const { script, options } = JSON.parse((await invoke('contract-dev-worker')).payload) as Record<
      string,
      string
    >;
    expect(options).toBe('--no-deprecation');
    const runner = join(String(script), '../../in-process-runner/InProcessRunner.js');
    expect(readFileSync(runner, 'utf8')).toContain('async run(event, context)');
  });
});

describe('the lifecycle of serverless-offline', () => {
  it('when it is stopped, the hook before its end is awaited, and the hooks after it never run', async () => {
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(readFileSync(join(service.folder, 'hooks'), 'utf8').trimEnd().split('\n')).toEqual([
      'before:offline:start:init',
      'before:offline:start:ready',
      'before:offline:start:end',
    ]);
  });
});
