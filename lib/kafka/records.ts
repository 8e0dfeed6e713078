import type { MSKEvent, SelfManagedKafkaEvent } from 'aws-lambda';
import { InvalidEventError, InvalidRecordError } from '../errors.ts';

/** One header as it was on the record; names may repeat, and the last one counts. */
export interface Header {
  readonly name: string;
  readonly value: Buffer;
}

/**
 * A Kafka record as a Lambda trigger delivers it, with its bytes restored. `timestamp` is in ms since 1970.
 */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /**
   * Present when a field of the record in the event is missing or malformed; then only what could be read is
   * set, and other numbers are NaN.
   */
  readonly fault?: InvalidRecordError;
}

/** A record to send. Without `partition` the key decides (murmur2, as in Java's producer). */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: readonly Header[];
  readonly partition?: number;
}

/** The event of a trigger on a self-managed cluster or on MSK. */
export type KafkaEvent = SelfManagedKafkaEvent | MSKEvent;

/**
 * The records of a trigger's event, partition by partition, each partition in offset order.
 * @throws InvalidEventError when it holds no lists of records. A malformed record does not throw: it has a
 *   `fault`.
 */
export function recordsOf(event: unknown): KafkaRecord[] {
  if (!isObject(event))
    throw new InvalidEventError('The event must be an object, as sent by a Kafka trigger.');
  const { records } = event;
  if (!isObject(records))
    throw new InvalidEventError('records must be an object that holds lists of records.');
  return Object.entries(records).flatMap(([name, list]) => {
    if (!Array.isArray(list)) throw new InvalidEventError(`records[${JSON.stringify(name)}] must be a list.`);
    return list.map((record: unknown, index) => readRecord(record, { list: name, index }));
  });
}

/** The bytes of the last header of that name, or undefined. */
export function lastHeader(record: Pick<KafkaRecord, 'headers'>, name: string): Buffer | undefined {
  return record.headers.findLast((header) => header.name === name)?.value;
}

/**
 * A record as AWS documents it. `key` and `value` are left out when they are null, though AWS's types say
 * otherwise.
 */
type EventRecord = Omit<KafkaEvent['records'][string][number], 'key' | 'value' | 'headers'> & {
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers?: readonly EventHeader[] | null;
};
type EventHeader = Readonly<Record<string, readonly number[] | null>>;

/**
 * A record's position in its event. A list is named after topic and partition, such as `order.created-0`.
 */
interface Place {
  readonly list: string;
  readonly index: number;
}

interface FieldRule {
  readonly isSound: (value: unknown) => boolean;
  readonly expected: string;
  /** The substitute for a malformed value. */
  readonly otherwise: (value: unknown, place: Place) => unknown;
}

const isPosition = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;
const base64: FieldRule = {
  isSound: (value) => value == null || typeof value === 'string',
  expected: 'base64 text',
  otherwise: () => null,
};

const fieldRules: Readonly<Record<Exclude<keyof EventRecord, 'timestampType'>, FieldRule>> = {
  topic: {
    isSound: (value) => typeof value === 'string' && value !== '',
    expected: 'the name of a topic',
    otherwise: (_, { list }) => list.replace(/-\d+$/, ''),
  },
  partition: {
    isSound: isPosition,
    expected: 'a whole number from 0',
    otherwise: (_, { list }) => Number(/-(\d+)$/.exec(list)?.[1]),
  },
  offset: { isSound: isPosition, expected: 'a whole number from 0', otherwise: () => NaN },
  timestamp: {
    isSound: (value) => typeof value === 'number',
    expected: 'a number',
    otherwise: () => NaN,
  },
  key: base64,
  value: base64,
  headers: {
    isSound: (value) => value == null || (Array.isArray(value) && value.every(isHeader)),
    expected: 'a list of headers with bytes',
    otherwise: (value) => (Array.isArray(value) ? value.filter(isHeader) : []),
  },
};
const rules = Object.entries(fieldRules);

function isHeader(header: unknown): header is EventHeader {
  return isObject(header) && Object.values(header).every((value) => value === null || Array.isArray(value));
}

function readRecord(record: unknown, place: Place): KafkaRecord {
  const given = isObject(record) ? record : {};
  const broken = rules.find(([field, { isSound }]) => !isSound(given[field]));
  if (!broken) return toRecord(given as unknown as EventRecord);
  const [field, { expected }] = broken;
  const position = `records[${JSON.stringify(place.list)}][${place.index}]`;
  const readable = rules.map(([name, { isSound, otherwise }]) => [
    name,
    isSound(given[name]) ? given[name] : otherwise(given[name], place),
  ]);
  return {
    ...toRecord({ ...given, ...Object.fromEntries(readable) } as EventRecord),
    fault: new InvalidRecordError(`${position}.${field} must be ${expected}.`),
  };
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
    headers: headersOf(record.headers ?? []),
  };
}

/**
 * A null value, which AWS does not document, counts as empty, so that readers need not distinguish the two.
 */
function headersOf(headers: readonly EventHeader[]): Header[] {
  return headers.flatMap((header) =>
    Object.entries(header).map(([name, value]) => ({ name, value: fromSigned(value ?? []) })),
  );
}

/**
 * Bytes arrive signed, -128 to 127: https://github.com/aws/aws-lambda-go/pull/506. A loop, since `Buffer.from`
 * takes four times as long.
 */
function fromSigned(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) bytes[index] = numbers[index] ?? 0;
  return bytes;
}

function bytesOf(base64: string | undefined | null): Buffer | null {
  return base64 == null ? null : Buffer.from(base64, 'base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
