import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Serverless } from '../serverless.ts';
import { shortenWorkerStart } from './worker-preload.ts';

const host = dirname(createRequire(import.meta.url).resolve('serverless-offline'));
const workerScript = join(host, 'lambda/handler-runner/worker-thread-runner/workerThreadHelper.js');

const folder = mkdtempSync(join(tmpdir(), 'openorder-worker-'));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
writeFileSync(
  join(folder, 'sample.js'),
  `import { createRequire } from 'node:module';
   let calls = 0;
   const modules = Object.keys(createRequire(import.meta.url).cache);
   export const handler = async (event) => ({ event, calls: ++calls, loadsCompiler: modules.some((file) => file.includes('tsx')) });
   export const text = 'no function';`,
);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A worker as serverless-offline starts it. */
function startWorker(handler: string, environment: Record<string, string>): Worker {
  const workerData = {
    codeDir: folder,
    functionKey: 'reserveInventory',
    handler,
    servicePath: folder,
    timeout: 1000,
  };
  return new Worker(workerScript, { env: environment, workerData });
}

async function call(worker: Worker, event: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const answer = Promise.withResolvers<unknown>();
  port1.once('message', answer.resolve);
  worker.once('error', answer.reject);
  worker.postMessage({ event, context: {}, port: port2 }, [port2]);
  try {
    return await answer.promise;
  } finally {
    port1.close();
  }
}

/** The names of this process's threads, as Linux knows them. */
function threadNames(): string[] {
  return readdirSync('/proc/self/task').map((id) =>
    readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim(),
  );
}

function environmentOf(own?: string): Record<string, string> {
  const environment: Record<string, string> = own === undefined ? {} : { NODE_OPTIONS: own };
  const definition = { handler: 'sample.handler', environment };
  shortenWorkerStart({ service: { functions: { sample: definition } } } as unknown as Serverless);
  return definition.environment;
}

describe('a worker of serverless-offline', () => {
  it('when it is started without the preload, then it loads a compiler: the reason for the preload', async () => {
    const worker = startWorker('sample.handler', {});
    expect(await call(worker, 1)).toMatchObject({ event: 1, calls: 1, loadsCompiler: true });
    await worker.terminate();
  });

  it('when it preloads the short way, then it calls the same function without a compiler', async () => {
    const worker = startWorker('sample.handler', environmentOf('--no-deprecation'));
    expect(await call(worker, 1)).toEqual({ event: 1, calls: 1, loadsCompiler: false });
    expect(await call(worker, 2)).toEqual({ event: 2, calls: 2, loadsCompiler: false });
    await worker.terminate();
  });

  if (process.platform === 'linux') {
    it('when it preloads the short way, then its thread is named after its function', async () => {
      const worker = startWorker('sample.handler', environmentOf());
      await call(worker, 1);
      expect(threadNames()).toContain('reserveInventor');
      await worker.terminate();
    });
  }

  it('when the bundle or the function is missing, then the call fails and says which', async () => {
    const missing = startWorker('nowhere.handler', environmentOf());
    expect(String(await call(missing, 1))).toContain('nowhere.js');
    const noFunction = startWorker('sample.text', environmentOf());
    expect(String(await call(noFunction, 1))).toContain('sample.js exports no function text');
    await Promise.all([missing.terminate(), noFunction.terminate()]);
  });
});
