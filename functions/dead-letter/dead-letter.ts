import { readDeadLetterHeaders } from '../../lib/kafka/dead-letter-details.ts';
import { withoutDeadLetterHeaders, withoutExceptionHeaders } from '../../lib/kafka/dead-letter.ts';
import { lastHeader, type Header, type KafkaRecord, type OutgoingRecord } from '../../lib/kafka/records.ts';

/** The values of `Status`. */
export const statuses = ['NEW', 'REDRIVEN', 'PARKED', 'DISCARDED'] as const;

/**
 * The status of a dead letter. `NEW`: no decision yet. `REDRIVEN`: sent to its topic again; if it fails
 * again, that is a new dead letter. `PARKED`: left alone until a person names it. `DISCARDED`: never sent
 * again.
 */
export type Status = (typeof statuses)[number];

/** A record that failed so often after being redriven is parked: it will not get better by itself. */
const redriveCap = 3;

const redriveCountHeader = 'openorder-redrive-count';

/** The bytes of a dead letter as they were on the dead-letter topic. */
export interface Content {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

/**
 * A record of a dead-letter topic with what its headers say. Texts are for searching: cut, and without what
 * is not text.
 */
export interface DeadLetter extends Content {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly failedAt: Date;
  readonly originalTopic: string;
  readonly originalPartition: number | null;
  readonly originalOffset: number | null;
  readonly originalTimestamp: Date | null;
  readonly consumerGroup: string | null;
  readonly exceptionClass: string | null;
  readonly causeClass: string | null;
  readonly message: string | null;
  readonly keyText: string | null;
  readonly redriveCount: number;
  readonly status: Status;
}

/**
 * Reads a record of a dead-letter topic. Total: also a record that was typed in by hand, or with malformed
 * headers, is a dead letter.
 */
export function toDeadLetter({
  topic,
  partition,
  offset,
  timestamp,
  key,
  value,
  headers,
}: KafkaRecord): DeadLetter {
  const details = readDeadLetterHeaders(headers);
  const redriveCount = redriveCountOf(headers);
  return {
    topic,
    partition,
    offset,
    key,
    value,
    headers,
    failedAt: toDate(Math.min(Math.max(timestamp, 0), lastTimestamp)) ?? new Date(0),
    originalTopic: searchable(details.originalTopic, 249) ?? ownTopicOf(topic),
    originalPartition: details.originalPartition ?? null,
    originalOffset: details.originalOffset ?? null,
    originalTimestamp: toDate(details.originalTimestamp),
    consumerGroup: searchable(details.consumerGroup, 249),
    exceptionClass: searchable(details.exceptionClass, 249),
    causeClass: searchable(details.exceptionCauseClass, 249),
    message: searchable(details.exceptionMessage, 2_000),
    keyText: searchable(key?.toString('utf8'), 249),
    redriveCount,
    status: redriveCount >= redriveCap ? 'PARKED' : 'NEW',
  };
}

/**
 * The record that goes back to a topic: the original bytes, without the headers that tell of the failure, and
 * one redrive more on the count. The key chooses the partition, as for every producer of the topic, so it
 * does not matter if partitions were added meanwhile.
 */
export function toRedrivenRecord({ key, value, headers }: Content, topic: string): OutgoingRecord {
  const kept = withoutExceptionHeaders(headers).filter(({ name }) => name !== redriveCountHeader);
  const count = Buffer.from(String(redriveCountOf(headers) + 1), 'utf8');
  return { topic, key, value, headers: [...kept, { name: redriveCountHeader, value: count }] };
}

/**
 * The record as it was before it first failed, so that a topic it fitted once takes it again. Its redrives
 * are not counted.
 */
export function toOriginalRecord({ key, value, headers }: Content, topic: string): OutgoingRecord {
  const kept = withoutDeadLetterHeaders(headers).filter(({ name }) => name !== redriveCountHeader);
  return { topic, key, value, headers: kept };
}

/** The topic that a dead-letter topic belongs to. */
export function ownTopicOf(deadLetterTopic: string): string {
  return deadLetterTopic.replace(deadLetterSuffix, '');
}

function redriveCountOf(headers: readonly Header[]): number {
  const text = lastHeader({ headers }, redriveCountHeader)?.toString('utf8') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** This project's suffix, and Spring's since 3.3. */
const deadLetterSuffix = /(\.DLT|-dlt)$/;

/** The end of the year 9999, in ms since 1970. */
const lastTimestamp = 253_402_300_799_999;

function toDate(timestamp: number | undefined): Date | null {
  const isDate = timestamp !== undefined && timestamp >= 0 && timestamp <= lastTimestamp;
  return isDate ? new Date(timestamp) : null;
}

/**
 * PostgreSQL's text takes no NUL and no half of a surrogate pair; an index entry is limited to 2,704 bytes.
 */
function searchable(text: string | undefined, limit: number): string | null {
  const cleaned = text?.replaceAll('\0', '').slice(0, limit).toWellFormed();
  return cleaned === undefined || cleaned === '' ? null : cleaned;
}
