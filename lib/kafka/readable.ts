import { isUtf8 } from 'node:buffer';
import type { Header } from './records.ts';

/** Bytes as a person can read them: text when they are UTF-8, else base64. */
export type Readable = { readonly text: string } | { readonly base64: string };

/**
 * Headers in which Spring Kafka keeps a number as 4 or 8 bytes, big-endian: those of its dead letters, of its
 * non-blocking retries, and its delivery count.
 * https://docs.spring.io/spring-kafka/api/org/springframework/kafka/support/KafkaHeaders.html
 */
const numericHeader =
  /^(kafka_(dlt-)?original-(partition|offset|timestamp)|retry_topic-(attempts|(original|backoff)-timestamp)|kafka_deliveryAttempt)$/;

/** Bytes as text when they are UTF-8, else as base64. */
export function readable(bytes: Buffer): Readable {
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

/** A header with its value decoded, also where Spring Kafka wrote a binary number. */
export function readableHeader({ name, value }: Header): { readonly name: string } & Readable {
  if (numericHeader.test(name) && value.length === 4) return { name, text: String(value.readInt32BE()) };
  if (numericHeader.test(name) && value.length === 8) return { name, text: String(value.readBigInt64BE()) };
  return { name, ...readable(value) };
}
