import { inspect } from 'node:util';
import { deadLetterTopicOf } from '../contracts/contract.ts';
import { causesOf } from '../errors.ts';
import { sourceStack } from '../stack-trace.ts';
import type { RecordFailure } from './failures.ts';
import type { Header, KafkaRecord, OutgoingRecord } from './records.ts';

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
  /** https://docs.spring.io/spring-kafka/reference/kafka/annotation-error-handling.html#delivery-header */
  deliveryAttempt: 'kafka_deliveryAttempt',
} as const;

/**
 * Headers that describe one failure, including those Spring adds when a key cannot be read (`key-`) and those
 * of its non-blocking retries (without `dlt-`); a later failure replaces them.
 */
const exceptionHeader = /^kafka_((dlt-)?(key-)?exception-|deliveryAttempt$)/;

/** Headers that say where a record came from, one set per failure. */
const originalHeader = /^kafka_(dlt-)?original-/;

/**
 * Maximum size of a stack, in bytes. Spring writes all of it, which can push a large record past the broker's
 * limit.
 */
const stacktraceLimit = 8 * 1024;

/** Maximum size of any other text, in bytes; messages may quote a payload of any size. */
const textLimit = 2 * 1024;

/** How much a dead letter says: everything, all but the failure's texts, or nothing beyond the record. */
export type Detail = 'full' | 'brief' | 'bare';

/**
 * The record to put on the dead-letter topic: key, value and headers byte for byte, the same partition
 * number, and Spring's headers. A record that was dead-lettered before carries one more set of `original-*`
 * headers, of which the last counts. Never throws, whatever the record and the error hold: a header that
 * cannot be built is left out.
 */
export function deadLetterOf(
  { record, error, attempts }: RecordFailure,
  consumerGroup: string,
  detail: Detail = 'full',
): OutgoingRecord {
  const { topic, partition, key, value, headers } = record;
  const kept = withoutExceptionHeaders(headers);
  const added = [...exceptionHeaders(error, attempts), ...originalHeaders(record, consumerGroup)];
  return {
    topic: deadLetterTopicOf(topic),
    // Without a valid one, the key decides.
    ...(isInt32(partition) && { partition }),
    key,
    value,
    headers: [
      ...kept,
      ...(detail === 'bare' ? [] : added.filter(({ name }) => detail === 'full' || !isLong(name))),
    ],
  };
}

const longHeaders: readonly string[] = [
  deadLetterHeader.exceptionMessage,
  deadLetterHeader.exceptionStacktrace,
];

function isLong(name: string): boolean {
  return longHeaders.includes(name);
}

/** The headers of a dead letter without those that describe its failure. */
export function withoutExceptionHeaders(headers: readonly Header[]): Header[] {
  return headers.filter((header) => !exceptionHeader.test(header.name));
}

/** The headers of a dead letter that its record had before it was dead-lettered, here or by Spring. */
export function withoutDeadLetterHeaders(headers: readonly Header[]): Header[] {
  return headers.filter(({ name }) => !exceptionHeader.test(name) && !originalHeader.test(name));
}

function exceptionHeaders(error: unknown, attempts: number | undefined): Header[] {
  const [, cause] = causesOf(error);
  const hasCause = cause !== undefined;
  return madeOf({
    [deadLetterHeader.exceptionClass]: () => capped(classOf(error), textLimit),
    [deadLetterHeader.exceptionCauseClass]: () => (hasCause ? capped(classOf(cause), textLimit) : undefined),
    [deadLetterHeader.exceptionMessage]: () =>
      capped([error, ...(hasCause ? [cause] : [])].map(messageOf).join('; '), textLimit),
    [deadLetterHeader.exceptionStacktrace]: () => capped(stackOf(error), stacktraceLimit),
    [deadLetterHeader.deliveryAttempt]: () => (attempts === undefined ? undefined : int32(attempts)),
  });
}

function originalHeaders(record: KafkaRecord, consumerGroup: string): Header[] {
  return madeOf({
    [deadLetterHeader.originalTopic]: () => capped(record.topic, textLimit),
    [deadLetterHeader.originalPartition]: () => int32(record.partition),
    [deadLetterHeader.originalOffset]: () => int64(record.offset),
    [deadLetterHeader.originalTimestamp]: () => int64(record.timestamp),
    [deadLetterHeader.originalTimestampType]: () =>
      capped(springTimestampType(record.timestampType), textLimit),
    [deadLetterHeader.originalConsumerGroup]: () => capped(consumerGroup, textLimit),
  });
}

/**
 * The headers whose value can be built. An exception here would redeliver the record forever, and block those
 * behind it.
 */
function madeOf(makers: Readonly<Record<string, () => Buffer | undefined>>): Header[] {
  return Object.entries(makers).flatMap(([name, make]) => {
    try {
      const value = make();
      return value ? [{ name, value }] : [];
    } catch {
      return [];
    }
  });
}

/** Lambda says `CREATE_TIME`; Kafka's Java client, and so Spring, says `CreateTime`. */
function springTimestampType(type: string): string {
  if (type === 'LOG_APPEND_TIME') return 'LogAppendTime';
  return type === 'NO_TIMESTAMP_TYPE' ? 'NoTimestampType' : 'CreateTime';
}

/** The name of an error's class, or the type of a thrown value that is not an error. */
export function classOf(error: unknown): string {
  if (!(error instanceof Error)) return error === null ? 'null' : typeof error;
  const { name }: { name: unknown } = error;
  // A class that does not set `name` inherits "Error"; pg sets "error".
  const given = String(name);
  return given.toLowerCase() === 'error' ? error.constructor.name || given : given;
}

function messageOf(error: unknown): string {
  const thrown: unknown = error instanceof Error ? error.message : error;
  return typeof thrown === 'string' ? thrown : inspect(thrown, { breakLength: Infinity });
}

/** The stacks of the error and its causes, as Java prints them. */
function stackOf(error: unknown): string {
  return [...causesOf(error)].map(ownStackOf).join('\nCaused by: ') || messageOf(error);
}

/** A long message is truncated, so that it leaves room for the stack that follows it. */
function ownStackOf(error: unknown): string {
  const message = messageOf(error);
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  return (typeof stack === 'string' ? sourceStack(stack) : message).replace(message, () =>
    capped(message, textLimit).toString('utf8'),
  );
}

/** The first `limit` bytes at most, never ending within a character. */
function capped(text: string, limit: number): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let end = Math.min(bytes.length, limit);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function int32(value: number): Buffer | undefined {
  if (!isInt32(value)) return undefined;
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A double may hold a time of up to 2^63, which does not fit. */
function int64(value: number): Buffer | undefined {
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) return undefined;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
