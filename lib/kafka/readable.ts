import { isUtf8 } from 'node:buffer';
import type { Header } from './records.ts';

/** Bytes in readable form: text when they are UTF-8, else base64. */
export type Readable = { readonly text: string } | { readonly base64: string };

/** A value, or its beginning; `bytes` is the length of the whole. */
export type ReadableValue = Readable & { readonly bytes: number; readonly cut: boolean };

/** The most bytes of a value that are shown unless all of it is requested. */
export const valueLimit = 64 * 1024;

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

/** A value in readable form. @param limit the most bytes to show */
export function readableValue(value: Buffer, limit: number): ReadableValue {
  const shown = value.subarray(0, limit);
  const cut = shown.length < value.length;
  return { ...readable(cut ? wholeCharacters(shown) : shown), bytes: value.length, cut };
}

/** Drops an incomplete UTF-8 character at the end, so that cut text is still text. */
function wholeCharacters(bytes: Buffer): Buffer {
  const start = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const isCut = start + characterLength(bytes[start] ?? 0) > bytes.length;
  return isCut ? bytes.subarray(0, start) : bytes;
}

/**
 * In bytes, by the first byte; 0 for a byte that begins no character.
 * https://www.rfc-editor.org/rfc/rfc3629#section-3
 */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0 || first >= 0xf8) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** A header with its value decoded, also where Spring Kafka wrote a binary number. */
export function readableHeader({ name, value }: Header): { readonly name: string } & Readable {
  if (numericHeader.test(name) && value.length === 4) return { name, text: String(value.readInt32BE()) };
  if (numericHeader.test(name) && value.length === 8) return { name, text: String(value.readBigInt64BE()) };
  return { name, ...readable(value) };
}
