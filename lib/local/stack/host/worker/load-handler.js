import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {(event: unknown, context: unknown, callback: unknown) => unknown} Handler */

/** @type {Promise<Handler> | undefined} */
let loaded;

/**
 * This worker's function, from its bundle; loaded on the first call. serverless-offline starts new workers
 * when the code changes.
 * @param {string} folder of the project
 * @param {string} handler a bundle without its extension, a dot, and the name of the export
 * @returns {Promise<Handler>}
 */
export function load(folder, handler) {
  return (loaded ??= find(folder, handler));
}

/**
 * @param {string} folder
 * @param {string} handler
 * @returns {Promise<Handler>}
 */
async function find(folder, handler) {
  const dot = handler.lastIndexOf('.');
  const bundle = resolve(folder, `${handler.slice(0, dot)}.js`);
  const name = handler.slice(dot + 1);
  /** @type {Record<string, unknown>} */
  const exported = await import(pathToFileURL(bundle).href);
  const found = exported[name];
  if (typeof found !== 'function') throw new Error(`${bundle} exports no function ${name}.`);
  return /** @type {Handler} */ (found);
}
