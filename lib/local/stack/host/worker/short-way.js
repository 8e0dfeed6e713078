/**
 * Preloaded into the functions' worker threads (see `../worker-preload.ts`): serverless-offline 14 finds a
 * function through a module that loads a TypeScript compiler into each worker (29 ms of CPU, 2.5 MB of heap)
 * and looks up files at every call (26 to 57 µs). Bundles need neither, so `load-handler.js` takes its place.
 *
 * JavaScript with its types in comments, since Node would load a compiler for TypeScript, too.
 */
import { registerHooks } from 'node:module';
import { URL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const replaced = './aws-lambda-ric/UserFunction.js';
const replacement = new URL('./load-handler.js', import.meta.url).href;

if (!isMainThread) {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== replaced) return next(specifier, context);
      hooks.deregister(); // no other import passes this way
      return { url: replacement, format: 'module', shortCircuit: true };
    },
  });
}
