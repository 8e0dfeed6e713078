import type { Serverless } from '../serverless.ts';

const preload = `--import=${new URL('./worker/short-way.js', import.meta.url).href}`;

/**
 * Makes the worker threads of all functions load their bundles the short way. serverless-offline starts a
 * worker with its function's environment, whose NODE_OPTIONS Node applies to the worker.
 * https://nodejs.org/api/worker_threads.html#new-workerfilename-options
 */
export function shortenWorkerStart({ service }: Serverless): void {
  for (const definition of Object.values(service.functions)) {
    const own = definition.environment?.['NODE_OPTIONS'];
    const options = typeof own === 'string' ? `${own} ${preload}` : preload;
    definition.environment = { ...definition.environment, NODE_OPTIONS: options };
  }
}
