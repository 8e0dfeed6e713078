/**
 * Preloaded into the worker threads of functions with Kafka triggers (see `host/guard-workers.ts`).
 * serverless-offline 14 treats a thrown string as a result, and a late error, or a result that cannot be
 * cloned, crashes the host. On AWS each of these fails the invocation and nothing else:
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (src/Errors.js, src/Runtime.js)
 *
 * JavaScript with types in comments: to strip TypeScript's types, Node would load a compiler into each
 * worker.
 */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { unpackEvent } from './packed-event.js';

/** @typedef {(this: object, event: unknown, context: unknown) => Promise<unknown>} Run */
/** @typedef {{ readonly default: { prototype: { run: Run } } }} RunnerModule */

/** @type {Set<(error: Error) => void>} */
const failRunning = new Set();

if (!isMainThread) await guard();

/** @returns {Promise<void>} */
async function guard() {
  // The functions' own child processes must not load this file.
  if (process.env.NODE_OPTIONS_OF_FUNCTION === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = process.env.NODE_OPTIONS_OF_FUNCTION;
  delete process.env.NODE_OPTIONS_OF_FUNCTION;
  const workerScript = process.argv[1] ?? '';
  const runner = join(workerScript, '../../in-process-runner/InProcessRunner.js');
  /** @type {RunnerModule} */
  const { default: InProcessRunner } = await import(pathToFileURL(runner).href);
  InProcessRunner.prototype.run = guarded(InProcessRunner.prototype.run);
  process.on('uncaughtException', failAll);
  process.on('unhandledRejection', failAll);
}

/**
 * Runs the handler until it returns, throws, or an error escapes it; the result is what JSON can express.
 * @param {Run} run
 * @returns {Run}
 */
function guarded(run) {
  return async function (event, context) {
    /** @type {PromiseWithResolvers<never>} */
    const escaped = Promise.withResolvers();
    failRunning.add(escaped.reject);
    try {
      const result = await Promise.race([run.call(this, unpackEvent(event), context), escaped.promise]);
      return asJson(result);
    } catch (error) {
      throw asError(error);
    } finally {
      failRunning.delete(escaped.reject);
    }
  };
}

/** @param {unknown} error */
function failAll(error) {
  console.error('Error outside of the handler:', error);
  for (const fail of failRunning) fail(asError(error));
}

/**
 * As on AWS, functions and symbols are left out, and a BigInt or a cycle is an error.
 * @param {unknown} result
 * @returns {unknown}
 */
function asJson(result) {
  const text = /** @type {string | undefined} */ (JSON.stringify(result));
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * A plain error, which can always be cloned into the host's thread.
 * @param {unknown} thrown
 * @returns {Error}
 */
function asError(thrown) {
  if (!(thrown instanceof Error))
    return new Error(`a value that is not an Error was thrown: ${inspect(thrown)}`);
  const error = new Error(thrown.message);
  error.name = thrown.name;
  if (thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}
