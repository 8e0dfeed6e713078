import { lastHeader, type Header } from './records.ts';

/** What a dead letter's headers say about the failure; missing or malformed headers are left out. */
export interface DeadLetterDetails {
  readonly originalTopic?: string;
  readonly originalPartition?: number;
  readonly originalOffset?: number;
  /** In ms since 1970. */
  readonly originalTimestamp?: number;
  /** `CreateTime`, `LogAppendTime` or `NoTimestampType`. */
  readonly originalTimestampType?: string;
  readonly consumerGroup?: string;
  readonly exceptionClass?: string;
  readonly exceptionCauseClass?: string;
  readonly exceptionMessage?: string;
  readonly exceptionStacktrace?: string;
}

/**
 * Spring's two families of names: `kafka_dlt-…` of its dead-letter recoverer, which this project writes too,
 * and `kafka_…` of its non-blocking retries. https://github.com/spring-projects/spring-kafka/issues/2335
 */
const families = ['kafka_dlt-', 'kafka_'];

/**
 * Reads what this project or Spring Kafka wrote. Of repeated headers the last counts: it describes the latest
 * failure. When Spring could not read the key, the exception has its own header names.
 */
export function readDeadLetterHeaders(headers: readonly Header[]): DeadLetterDetails {
  const bytes = (name: string) =>
    families.map((family) => lastHeader({ headers }, family + name)).find((value) => value !== undefined);
  const text = (name: string) => bytes(name)?.toString('utf8');
  const exception = (name: string) => text(`exception-${name}`) ?? text(`key-exception-${name}`);
  return withoutUndefined({
    originalTopic: text('original-topic'),
    originalPartition: readInt32(bytes('original-partition')),
    originalOffset: readInt64(bytes('original-offset')),
    originalTimestamp: readInt64(bytes('original-timestamp')),
    originalTimestampType: text('original-timestamp-type'),
    consumerGroup: text('original-consumer-group'),
    exceptionClass: exception('fqcn'),
    exceptionCauseClass: exception('cause-fqcn'),
    exceptionMessage: exception('message'),
    exceptionStacktrace: exception('stacktrace'),
  });
}

function readInt32(bytes: Buffer | undefined): number | undefined {
  return bytes?.length === 4 ? bytes.readInt32BE() : undefined;
}

function readInt64(bytes: Buffer | undefined): number | undefined {
  const value = bytes?.length === 8 ? Number(bytes.readBigInt64BE()) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
