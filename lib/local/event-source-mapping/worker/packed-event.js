/**
 * Packs an event into one string for the transfer to a worker:
 * `{"packedKafkaEvent":"<envelope>;<record>;<record>"}`. serverless-offline parses the payload and clones it
 * into the worker, all in one thread, and an event as AWS delivers it has a number for each byte of each
 * header. The string needs no escaping, and the worker rebuilds the event from it.
 *
 * envelope: base64 of JSON: the event's fields, with `topic` and `partitions` in place of `records`, the
 *           latter as `[partition, count]` in the order of the records;
 * record:   `offset,timestamp,timestampType,key,value,headers,layout`, bytes in base64 and `-` for null, and
 *           with a schema registry also `,keySchema,valueSchema`, each `format:id` or `-`;
 * headers:  the bytes of all header values concatenated, since encoding and decoding them one by one takes
 *           longer than everything else;
 * layout:   `name:length|…`, the same for most records of a topic.
 *
 * JavaScript, since the workers load this file: see `worker-guard.js`.
 */

import { remembered } from './remembered.js';

/** The only field of a packed event; no AWS event has it. */
const packedField = 'packedKafkaEvent';

/** Represents null; never occurs in base64. */
const nullMark = '-';

const noBytes = Buffer.alloc(0);

/** @typedef {{ readonly key: string, readonly value: Buffer | null }} Header */
/**
 * @typedef {{ readonly topic: string, readonly partitions: readonly [number, number][] } & Record<string,
 *   unknown>} Envelope
 */

/**
 * Which schema a key or value was decoded with.
 * @typedef {{ readonly dataFormat: string, readonly schemaId: string }} SchemaMetadata
 */

/**
 * @typedef {object} RecordParts
 * @property {number} offset
 * @property {number} timestampMs
 * @property {string} timestampType
 * @property {string | undefined} key base64
 * @property {string | undefined} value base64
 * @property {readonly Header[]} headers
 * @property {SchemaMetadata | undefined} [keySchema]
 * @property {SchemaMetadata | undefined} [valueSchema]
 */

/**
 * One record of a packed event.
 * @param {RecordParts} parts
 * @returns {string}
 */
export function packRecord({
  offset,
  timestampMs,
  timestampType,
  key,
  value,
  headers,
  keySchema,
  valueSchema,
}) {
  const bytes = Buffer.concat(headers.map((header) => header.value ?? noBytes)).toString('base64');
  const layout = headers
    .map((header) => `${packedName(header.key)}:${header.value?.length ?? nullMark}`)
    .join('|');
  const schemas = keySchema || valueSchema ? `,${packedSchema(keySchema)},${packedSchema(valueSchema)}` : '';
  return `${offset},${timestampMs},${timestampType},${key ?? nullMark},${value ?? nullMark},${bytes},${layout}${schemas}`;
}

/**
 * @param {SchemaMetadata | undefined} schema
 * @returns {string}
 */
function packedSchema(schema) {
  return schema ? `${schema.dataFormat}:${schema.schemaId}` : nullMark;
}

const packedName = remembered((name) => Buffer.from(name).toString('base64'));

/**
 * The key of a packed record.
 * @param {string} packed
 * @returns {Buffer | null}
 */
export function keyOf(packed) {
  const key = packed.split(',', 4)[3] ?? nullMark;
  return key === nullMark ? null : Buffer.from(key, 'base64');
}

/**
 * The payload of a call.
 * @param {Envelope} envelope
 * @param {readonly string[]} records each made by `packRecord`
 * @returns {string}
 */
export function packEvent(envelope, records) {
  const packedEnvelope = Buffer.from(JSON.stringify(envelope)).toString('base64');
  return `{"${packedField}":"${[packedEnvelope, ...records].join(';')}"}`;
}

/**
 * Unpacks an event; an event that is not packed is returned as it is.
 * @param {unknown} event
 * @returns {unknown}
 */
export function unpackEvent(event) {
  const text = /** @type {Record<string, unknown> | null | undefined} */ (event)?.[packedField];
  return typeof text === 'string' ? unpack(text) : event;
}

/**
 * @param {string} text
 * @returns {object}
 */
function unpack(text) {
  const [envelope = '', ...records] = text.split(';');
  const { topic, partitions, ...fields } = /** @type {Envelope} */ (
    JSON.parse(Buffer.from(envelope, 'base64').toString())
  );
  let start = 0;
  const lists = partitions.map(([partition, count]) => {
    const own = records.slice(start, start + count);
    start += count;
    return [`${topic}-${partition}`, own.map((record) => unpackRecord(topic, partition, record))];
  });
  return { ...fields, records: Object.fromEntries(lists) };
}

/**
 * @param {string} topic
 * @param {number} partition
 * @param {string} packed
 * @returns {object} its fields in the order of https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 */
function unpackRecord(topic, partition, packed) {
  const [offset, timestamp, timestampType, key, value, bytes = '', layout = '', keySchema, valueSchema] =
    packed.split(',');
  return {
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType,
    ...(key === nullMark ? {} : { key }),
    ...(hasSchema(keySchema) ? { keySchemaMetadata: unpackSchema(keySchema) } : {}),
    ...(value === nullMark ? {} : { value }),
    ...(hasSchema(valueSchema) ? { valueSchemaMetadata: unpackSchema(valueSchema) } : {}),
    headers: unpackHeaders(Buffer.from(bytes, 'base64'), layoutOf(layout)),
  };
}

/**
 * @param {string | undefined} packed
 * @returns {packed is string}
 */
function hasSchema(packed) {
  return packed !== undefined && packed !== nullMark;
}

/**
 * @param {string} packed
 * @returns {SchemaMetadata}
 */
function unpackSchema(packed) {
  const [dataFormat = '', schemaId = ''] = packed.split(':');
  return { dataFormat, schemaId };
}

/** @typedef {{ readonly name: string, readonly length: number | null }} Place */

const layoutOf = remembered((layout) => (layout === '' ? [] : layout.split('|').map(placeOf)));

/**
 * @param {string} packed
 * @returns {Place}
 */
function placeOf(packed) {
  const [name = '', length = nullMark] = packed.split(':');
  return {
    name: Buffer.from(name, 'base64').toString(),
    length: length === nullMark ? null : Number(length),
  };
}

/**
 * @param {Buffer} bytes of all values, concatenated
 * @param {readonly Place[]} layout
 * @returns {Record<string, number[] | null>[]}
 */
function unpackHeaders(bytes, layout) {
  // Java bytes, -128 to 127: https://github.com/aws/aws-lambda-go/pull/506
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let start = 0;
  return layout.map(({ name, length }) => {
    const end = start + (length ?? 0);
    const value = length === null ? null : copyOf(signed, start, end);
    start = end;
    return { [name]: value };
  });
}

/**
 * A loop, since `Array.from` takes several times as long.
 * @param {Int8Array} bytes
 * @param {number} start
 * @param {number} end
 * @returns {number[]}
 */
function copyOf(bytes, start, end) {
  /** @type {number[]} */
  const copy = new Array(end - start);
  for (let index = start; index < end; index += 1) copy[index - start] = bytes[index] ?? 0;
  return copy;
}
