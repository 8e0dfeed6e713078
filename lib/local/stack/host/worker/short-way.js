/**
 * Preloaded into the functions' worker threads (see `../worker-preload.ts`): serverless-offline 14 finds a
 * function through a module that loads a TypeScript compiler into each worker (29 ms of CPU, 2.5 MB of heap)
 * and looks up files on every call (26 to 57 µs). Bundles need neither, so `load-handler.js` replaces it.
 * Each thread also takes its function's name, for `top -H`, `perf` and the bench.
 *
 * It is JavaScript with types in comments, because Node would load a compiler for TypeScript as well.
 */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { platform } from 'node:process';
import { URL } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';

const replaced = './aws-lambda-ric/UserFunction.js';
const replacement = new URL('./load-handler.js', import.meta.url).href;

if (!isMainThread) {
  if (platform === 'linux') nameThread(workerData?.functionKey);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== replaced) return next(specifier, context);
      hooks.deregister(); // no other import needs it
      return { url: replacement, format: 'module', shortCircuit: true };
    },
  });
}

/**
 * The kernel shows its first 15 characters. https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html
 * @param {string | undefined} name undefined for a worker that a function has started
 */
function nameThread(name) {
  if (name === undefined) return;
  try {
    writeFileSync('/proc/thread-self/comm', name);
  } catch {
    // Only for observers: where /proc is not writable, the thread keeps the name that Node gave it.
  }
}
