import { setFlagsFromString } from 'node:v8';

/** One half of a worker's young generation, in MB; V8 lets it grow to 64 while a backlog is drained. */
const semiSpaceMb = 16;

/**
 * Keeps the heaps of all worker threads small that start from now on. Node lets whoever starts a worker limit
 * it, but serverless-offline does not, and V8 reads this setting at the start of each.
 * https://nodejs.org/api/worker_threads.html#worker_threads_resourcelimits
 */
export function keepWorkerHeapsSmall(): void {
  setFlagsFromString(`--max-semi-space-size=${semiSpaceMb}`);
}
