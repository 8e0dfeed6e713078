import type { RecordHeader } from '../kafka/kafkajs-fixes.ts';
import type { SchemaMetadata } from '../worker/packed-event.js';
import { remembered } from '../worker/remembered.js';

/** The parts of a record that determine its size in an event; key and value in base64. */
interface RecordText {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly timestampType: string;
  readonly key: string | undefined;
  readonly value: string | undefined;
  readonly headers: readonly RecordHeader[];
  readonly keySchema: SchemaMetadata | undefined;
  readonly valueSchema: SchemaMetadata | undefined;
}

/** Characters of each byte written as a signed number, -128 to 127. */
const numberLengths = Uint8Array.from({ length: 256 }, (_, byte) => String((byte << 24) >> 24).length);

/**
 * Bytes that a record takes as JSON in an event as AWS delivers it. Computed rather than measured: writing
 * the JSON would cost as much as everything else together.
 */
export function recordBytes(record: RecordText): number {
  const { topic, partition, offset, timestampMs, timestampType, key, value, headers } = record;
  // Topic names are ASCII and need no escaping: https://kafka.apache.org/documentation/#basic_ops_add_topic
  const frame = `{"topic":"${topic}","partition":${partition},"offset":${offset},"timestamp":${timestampMs},"timestampType":"${timestampType}","headers":[]}`;
  return (
    frame.length +
    (key === undefined ? 0 : '"key":"",'.length + key.length) +
    (value === undefined ? 0 : '"value":"",'.length + value.length) +
    schemaBytes('"keySchemaMetadata":', record.keySchema) +
    schemaBytes('"valueSchemaMetadata":', record.valueSchema) +
    listBytes(headers.map(headerBytes))
  );
}

function schemaBytes(name: string, schema: SchemaMetadata | undefined): number {
  return schema ? name.length + JSON.stringify(schema).length + ','.length : 0;
}

/** Bytes of the entries and of the commas between them. */
function listBytes(entries: readonly number[]): number {
  return entries.reduce((sum, bytes) => sum + bytes, Math.max(0, entries.length - 1));
}

const nameBytes = remembered((name) => Buffer.byteLength(JSON.stringify(name)));

function headerBytes({ key, value }: RecordHeader): number {
  return '{:}'.length + nameBytes(key) + (value === null ? 'null'.length : numbersBytes(value));
}

function numbersBytes(bytes: Buffer): number {
  let sum = '[]'.length + Math.max(0, bytes.length - 1);
  for (let index = 0; index < bytes.length; index += 1) sum += numberLengths[bytes[index] ?? 0] ?? 0;
  return sum;
}
