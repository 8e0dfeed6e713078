/** Largest request that serverless-offline takes, as AWS does: 6 MB. */
const maximumBytes = 6 * 1024 * 1024;

/** Names the one field of a packed event; no AWS event has it. */
const FIELD = 'packedKafkaEvent';

/**
 * An event as one text in an object. serverless-offline parses what it is called with and clones it into the worker, all in one
 * thread and at a cost for each byte of each header; one text passes through both nearly for free, and the worker parses it.
 * An event that would get too large by the packing is left as it is.
 * JavaScript, since the workers load this file: see `host/worker-guard.js`.
 * @param {string} event
 * @returns {string}
 */
export function packEvent(event) {
  const packed = JSON.stringify({ [FIELD]: event });
  return Buffer.byteLength(packed) > maximumBytes ? event : packed;
}

/**
 * The event, whether it came packed or not.
 * @param {unknown} event
 * @returns {unknown}
 */
export function unpackEvent(event) {
  const text = /** @type {Record<string, unknown> | null | undefined} */ (event)?.[FIELD];
  return typeof text === 'string' ? JSON.parse(text) : event;
}
