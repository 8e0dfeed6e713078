import {
  type Readable,
  readable,
  readableHeader,
  type ReadableValue,
  readableValue,
} from '../../lib/kafka/readable.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';

/** A record as the API shows it. */
export interface RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: Date | null;
  readonly timestampType: string;
  readonly key: Readable | null;
  readonly value: ReadableValue | null;
  readonly headers: readonly ({ readonly name: string } & Readable)[];
}

/** A record with its key, value and headers decoded. @param limit the most bytes of the value to show */
export function recordView(record: KafkaRecord, limit: number): RecordView {
  const { topic, partition, offset, timestampType, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestamp: momentOf(record.timestamp),
    timestampType,
    key: key && readable(key),
    value: value && readableValue(value, limit),
    headers: headers.map(readableHeader),
  };
}

/** Kafka accepts any number as a timestamp, including -1 for none and those that no calendar has. */
function momentOf(timestamp: number): Date | null {
  const moment = new Date(timestamp);
  return timestamp < 0 || Number.isNaN(moment.getTime()) ? null : moment;
}
