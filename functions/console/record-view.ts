import { type Readable, readable, readableHeader } from '../../lib/kafka/readable.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';

/** Most bytes of a value that a list shows. */
export const valueLimit = 64 * 1024;

/** A value, or its beginning; `bytes` is the length of the whole. */
type ValueView = Readable & { readonly bytes: number; readonly cut: boolean };

/** A record as the API shows it. */
export interface RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: Date | null;
  readonly timestampType: string;
  readonly key: Readable | null;
  readonly value: ValueView | null;
  readonly headers: readonly ({ readonly name: string } & Readable)[];
}

/** A record with its key, value and headers decoded. @param limit most bytes of the value to show */
export function recordView(record: KafkaRecord, limit: number): RecordView {
  const { topic, partition, offset, timestampType, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestamp: momentOf(record.timestamp),
    timestampType,
    key: key && readable(key),
    value: value && valueView(value, limit),
    headers: headers.map(readableHeader),
  };
}

function valueView(value: Buffer, limit: number): ValueView {
  const shown = value.subarray(0, limit);
  const cut = shown.length < value.length;
  return { ...readable(cut ? wholeCharacters(shown) : shown), bytes: value.length, cut };
}

/** Without the first bytes of a UTF-8 character whose last are missing, so that cut text is still text. */
function wholeCharacters(bytes: Buffer): Buffer {
  const start = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const isCut = start + characterLength(bytes[start] ?? 0) > bytes.length;
  return isCut ? bytes.subarray(0, start) : bytes;
}

/**
 * In bytes, by the first of them; 0 for a byte that begins no character.
 * https://www.rfc-editor.org/rfc/rfc3629#section-3
 */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0 || first >= 0xf8) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Kafka takes any number as a timestamp, also -1 for none and those no calendar has. */
function momentOf(timestamp: number): Date | null {
  const moment = new Date(timestamp);
  return timestamp < 0 || Number.isNaN(moment.getTime()) ? null : moment;
}
