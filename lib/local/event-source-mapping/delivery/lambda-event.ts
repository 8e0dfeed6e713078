import type { KafkaMessage } from 'kafkajs';
import { orderedHeaders } from '../kafka/kafkajs-fixes.ts';
import type { EventSource } from '../mapping/definition.ts';
import type { Undecodable } from '../schema-registry/decode.ts';
import { recordBytes } from './event-bytes.ts';
import { packEvent, packRecord, unpackEvent, type SchemaMetadata } from '../worker/packed-event.js';

/** A record ready for an event, packed once: retries reuse the text. */
export interface SerializedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly packed: string;
  /** Its size in the event as AWS delivers it. */
  readonly bytes: number;
  /** Why it cannot be decoded; such a record never reaches the function. */
  readonly undecodable?: Undecodable;
  /** The key as it is on the topic, when the event contains a decoded one. */
  readonly sourceKey?: Buffer | null;
}

/** A key and value as an event contains them. */
export interface RecordContent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly keySchema?: SchemaMetadata;
  readonly valueSchema?: SchemaMetadata;
}

/** The fields that all events of a mapping share. */
export interface EventOrigin {
  readonly eventSource: EventSource;
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: request of a synchronous call */
export const maximumEventBytes = 6 * 1024 * 1024;

const logAppendTime = 1;

/**
 * Packs one record of the event, with its own key and value or with decoded ones.
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 */
export function serializeRecord(
  topic: string,
  partition: number,
  message: FetchedMessage,
  content: RecordContent = message,
): SerializedRecord {
  const offset = Number(message.offset);
  const timestampMs = Number(message.timestamp);
  const isLogAppendTime = message.batchContext?.timestampType === logAppendTime;
  const parts = {
    offset,
    timestampMs,
    timestampType: isLogAppendTime ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
    key: content.key?.toString('base64'),
    value: content.value?.toString('base64'),
    headers: orderedHeaders(message.headers),
    keySchema: content.keySchema,
    valueSchema: content.valueSchema,
  };
  const bytes = recordBytes({ topic, partition, ...parts });
  return { partition, offset, timestampMs, packed: packRecord(parts), bytes };
}

/** kafkajs provides more than its types declare: the record batch's attributes. */
export type FetchedMessage = KafkaMessage & {
  readonly batchContext?: {
    readonly timestampType: number;
    readonly firstOffset: string;
    readonly lastOffsetDelta: number;
  };
};

/** The event that AWS would deliver; the records must be grouped by partition. */
export function buildEvent(origin: EventOrigin, records: readonly SerializedRecord[]): object {
  return unpackEvent(JSON.parse(packed(origin, records))) as object;
}

/** The event as JSON text. */
export function writeEvent(origin: EventOrigin, records: readonly SerializedRecord[]): string {
  return JSON.stringify(buildEvent(origin, records));
}

/**
 * The event as packed text, which is cheap to transfer and is unpacked in the worker; unpacked when the text
 * would be too large, for example because of long header names.
 */
export function writePackedEvent(origin: EventOrigin, records: readonly SerializedRecord[]): string {
  const text = packed(origin, records);
  return text.length > maximumEventBytes ? writeEvent(origin, records) : text;
}

function packed(origin: EventOrigin, records: readonly SerializedRecord[]): string {
  const envelope = { ...envelopeOf(origin), topic: origin.topic, partitions: countByPartition(records) };
  return packEvent(
    envelope,
    records.map((record) => record.packed),
  );
}

/** Partitions in the order of their records, each with its record count. */
function countByPartition(records: readonly SerializedRecord[]): [partition: number, count: number][] {
  const counts = new Map<number, number>();
  for (const { partition } of records) counts.set(partition, (counts.get(partition) ?? 0) + 1);
  return [...counts];
}

/** Bytes of an event, without its partitions and the commas between them. */
export function envelopeBytes(origin: EventOrigin): number {
  return Buffer.byteLength(JSON.stringify({ ...envelopeOf(origin), records: {} }));
}

/** Bytes of a partition in an event, without its records and the commas between them. */
export function partitionFrameBytes({ topic }: EventOrigin, partition: number): number {
  return `"${topic}-${partition}":[]`.length;
}

function envelopeOf({ eventSource, bootstrapServers }: EventOrigin): Record<string, string> {
  return {
    eventSource: eventSource.type,
    ...(eventSource.type === 'aws:kafka' ? { eventSourceArn: eventSource.arn } : {}),
    bootstrapServers: bootstrapServers.join(','),
  };
}
