import type { KafkaMessage } from 'kafkajs';
import { orderedHeaders } from '../kafka/kafkajs-fixes.ts';
import type { EventSource } from '../mapping/definition.ts';

/** A record as it stands in the event, serialized once: retries and size limits use the same text. */
export interface SerializedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly json: string;
  readonly bytes: number;
}

/** What all events of a mapping share. */
export interface EventOrigin {
  readonly eventSource: EventSource;
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: request of a synchronous call */
export const MAXIMUM_EVENT_BYTES = 6 * 1024 * 1024;

const LOG_APPEND_TIME = 1;

/**
 * Builds one record of the event: base64 for key and value, which are left out when null, headers as signed
 * bytes in their order. Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
 */
export function serializeRecord(topic: string, partition: number, message: FetchedMessage): SerializedRecord {
  const offset = Number(message.offset);
  const timestampMs = Number(message.timestamp);
  const json = JSON.stringify({
    topic,
    partition,
    offset,
    timestamp: timestampMs,
    timestampType:
      message.batchContext?.timestampType === LOG_APPEND_TIME ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
    key: message.key?.toString('base64'),
    value: message.value?.toString('base64'),
    headers: orderedHeaders(message.headers).map(({ key, value }) => ({
      [key]: value && signedBytes(value),
    })),
  });
  return { partition, offset, timestampMs, json, bytes: Buffer.byteLength(json) };
}

/** kafkajs gives more than its types say: the record batch's attributes. */
export type FetchedMessage = KafkaMessage & {
  readonly batchContext?: {
    readonly timestampType: number;
    readonly firstOffset: string;
    readonly lastOffsetDelta: number;
  };
};

/** Java bytes: -128 to 127, see https://github.com/aws/aws-lambda-go/pull/506. A loop: `Array.from` doubles a record's cost. */
function signedBytes(value: Buffer): number[] {
  const bytes = new Array<number>(value.length);
  for (let index = 0; index < value.length; index += 1) bytes[index] = value.readInt8(index);
  return bytes;
}

/** The whole event as JSON text, of records of one partition. */
export function buildEvent(origin: EventOrigin, records: readonly SerializedRecord[]): string {
  const envelope = JSON.stringify(envelopeOf(origin));
  const key = JSON.stringify(`${origin.topic}-${records[0]?.partition ?? 0}`);
  return `${envelope.slice(0, -1)},"records":{${key}:[${records.map(({ json }) => json).join(',')}]}}`;
}

/** Bytes of an event beyond those of its records and the commas between them. */
export function envelopeBytes(origin: EventOrigin, partition: number): number {
  return Buffer.byteLength(
    buildEvent(origin, [{ partition, offset: 0, timestampMs: 0, json: '', bytes: 0 }]),
  );
}

function envelopeOf({ eventSource, bootstrapServers }: EventOrigin): Record<string, string> {
  return {
    eventSource: eventSource.type,
    ...(eventSource.type === 'aws:kafka' ? { eventSourceArn: eventSource.arn } : {}),
    bootstrapServers: bootstrapServers.join(','),
  };
}
