import { deadLetterTopicOf } from '../contracts/contract.ts';
import type { RecordFailure } from './failures.ts';
import type { OutgoingRecord } from './publisher.ts';
import type { Header, KafkaRecord } from './records.ts';

/**
 * Spring Kafka's names for a dead letter's headers, so that its consumers and tools read ours.
 * https://docs.spring.io/spring-kafka/reference/kafka/annotation-error-handling.html#dlpr-headers
 */
export const deadLetterHeader = {
  exceptionClass: 'kafka_dlt-exception-fqcn',
  exceptionCauseClass: 'kafka_dlt-exception-cause-fqcn',
  exceptionMessage: 'kafka_dlt-exception-message',
  exceptionStacktrace: 'kafka_dlt-exception-stacktrace',
  originalTopic: 'kafka_dlt-original-topic',
  originalPartition: 'kafka_dlt-original-partition',
  originalOffset: 'kafka_dlt-original-offset',
  originalTimestamp: 'kafka_dlt-original-timestamp',
  originalTimestampType: 'kafka_dlt-original-timestamp-type',
  originalConsumerGroup: 'kafka_dlt-original-consumer-group',
} as const;

/** Headers that tell of one failure, also those Spring adds when a key cannot be read; a later failure replaces them. */
const exceptionHeader = /^kafka_dlt-(key-)?exception-/;

/** Spring writes the whole stack; beyond this many bytes the record could pass the broker's limit. */
const stacktraceLimit = 8 * 1024;

/**
 * The record to put on the dead-letter topic: key, value and headers byte for byte, the same partition number, and Spring's headers.
 * A record that was dead-lettered before carries one more set of `original-*` headers, of which the last counts.
 */
export function deadLetterOf({ record, error }: RecordFailure, consumerGroup: string): OutgoingRecord {
  return {
    topic: deadLetterTopicOf(record.topic),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: [
      ...withoutExceptionHeaders(record.headers),
      ...exceptionHeaders(error),
      ...originalHeaders(record, consumerGroup),
    ],
  };
}

/** The headers of a dead letter without what tells of its failure. */
export function withoutExceptionHeaders(headers: readonly Header[]): Header[] {
  return headers.filter((header) => !exceptionHeader.test(header.name));
}

function exceptionHeaders(error: unknown): Header[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const messages = [error, cause].filter((link) => link !== undefined).map(messageOf);
  return [
    text(deadLetterHeader.exceptionClass, classOf(error)),
    ...(cause === undefined ? [] : [text(deadLetterHeader.exceptionCauseClass, classOf(cause))]),
    text(deadLetterHeader.exceptionMessage, messages.join('; ')),
    { name: deadLetterHeader.exceptionStacktrace, value: capped(stackOf(error)) },
  ];
}

function originalHeaders(record: KafkaRecord, consumerGroup: string): Header[] {
  return [
    text(deadLetterHeader.originalTopic, record.topic),
    { name: deadLetterHeader.originalPartition, value: int32(record.partition) },
    { name: deadLetterHeader.originalOffset, value: int64(record.offset) },
    { name: deadLetterHeader.originalTimestamp, value: int64(record.timestamp) },
    text(deadLetterHeader.originalTimestampType, springTimestampType(record.timestampType)),
    text(deadLetterHeader.originalConsumerGroup, consumerGroup),
  ];
}

/** Lambda says `CREATE_TIME`, Kafka's Java client and so Spring `CreateTime`. */
function springTimestampType(type: string): string {
  return type === 'LOG_APPEND_TIME' ? 'LogAppendTime' : 'CreateTime';
}

function classOf(error: unknown): string {
  return error instanceof Error ? error.name : error === null ? 'null' : typeof error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? messageOf(error);
}

/** At most `stacktraceLimit` bytes, never half a character. */
function capped(stack: string): Buffer {
  const bytes = Buffer.from(stack, 'utf8');
  let end = Math.min(bytes.length, stacktraceLimit);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function text(name: string, value: string): Header {
  return { name, value: Buffer.from(value, 'utf8') };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
