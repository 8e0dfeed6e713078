import type { FunctionDefinition, Service } from './serverless.ts';

const guardUrl = new URL('../worker/worker-guard.js', import.meta.url).href;

/**
 * Makes a Node function's worker threads load the guard before the function's code.
 * @returns false for another runtime, whose workers have no guard
 */
export function guardWorkers(definition: FunctionDefinition, provider: Service['provider']): boolean {
  const runtime = definition.runtime ?? provider.runtime ?? 'nodejs';
  if (!runtime.startsWith('nodejs')) return false;
  const own = definition.environment?.NODE_OPTIONS ?? provider.environment?.NODE_OPTIONS;
  definition.environment = {
    ...definition.environment,
    ...(own === undefined ? {} : { NODE_OPTIONS_OF_FUNCTION: own }),
    NODE_OPTIONS: [own, `--import=${guardUrl}`].filter(Boolean).join(' '),
  };
  return true;
}
