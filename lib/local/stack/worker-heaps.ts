import { setFlagsFromString } from 'node:v8';

/** One semi-space of a worker's young generation, in MB; V8 lets it grow to 64 during a backlog. */
const semiSpaceMb = 16;

/**
 * Caps the young generation of workers started from now on. Node lets whoever starts a worker limit its heap,
 * but serverless-offline does not, and V8 reads this setting when each worker starts.
 * https://nodejs.org/api/worker_threads.html#worker_threads_resourcelimits
 */
export function keepWorkerHeapsSmall(): void {
  setFlagsFromString(`--max-semi-space-size=${semiSpaceMb}`);
}
