import type { MSKEvent, SelfManagedKafkaEvent } from 'aws-lambda';

/** One header as it stood on the record; names may repeat, the last one counts. */
export interface Header {
  readonly name: string;
  readonly value: Buffer;
}

/** A Kafka record as a Lambda trigger delivers it, with its bytes restored. `timestamp` is in ms since 1970. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

/** A record to send. Without `partition` the key chooses it (murmur2, as Java's producer). */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: readonly Header[];
  readonly partition?: number;
}

export type KafkaEvent = SelfManagedKafkaEvent | MSKEvent;

type EventRecord = KafkaEvent['records'][string][number];

/** The records of a trigger's event, partition by partition, each partition in offset order. */
export function recordsOf(event: KafkaEvent): KafkaRecord[] {
  return Object.values(event.records).flatMap((records) => records.map(toRecord));
}

/** The bytes of the last header of that name, or undefined. */
export function lastHeader(record: Pick<KafkaRecord, 'headers'>, name: string): Buffer | undefined {
  return record.headers.findLast((header) => header.name === name)?.value;
}

function toRecord(record: EventRecord): KafkaRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    timestampType: record.timestampType,
    key: bytesOf(record.key),
    value: bytesOf(record.value),
    headers: headersOf(record.headers),
  };
}

/** A null value, which AWS does not document, counts as empty, so that no reader has to tell the two apart. */
function headersOf(headers: readonly Record<string, number[] | null>[] | undefined): Header[] {
  return (headers ?? []).flatMap((header) =>
    Object.entries(header).map(([name, value]) => ({ name, value: fromSigned(value ?? []) })),
  );
}

/** Bytes come signed, -128 to 127: https://github.com/aws/aws-lambda-go/pull/506. A loop, since `Buffer.from` takes four times as long. */
function fromSigned(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) bytes[index] = numbers[index] ?? 0;
  return bytes;
}

/** Lambda leaves out `key` and `value` when they are null on the record, though its types say otherwise. */
function bytesOf(base64: string | undefined | null): Buffer | null {
  return base64 == null ? null : Buffer.from(base64, 'base64');
}
