import { Partitioners } from 'kafkajs';
import type KafkaCluster from 'kafkajs/src/cluster/index.js';
import type { FetchedRecord } from 'kafkajs/src/cluster/index.js';
import { BrokerUnavailableError, UnknownTopicError } from '../errors.ts';
import { onShutdown } from '../shutdown.ts';
import type { Cluster } from './cluster.ts';
import { openCluster } from './kafkajs/index.ts';
import type { Header, KafkaRecord } from './records.ts';

/**
 * The records that a partition holds: `start` is the oldest remaining offset, `end` the next to be written.
 */
export interface PartitionRange {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

/** Part of a partition: from one offset up to, but not including, another. */
interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** The result of a read: records in offset order, and the offset from which to continue. */
interface ReadRecords {
  readonly records: readonly KafkaRecord[];
  readonly next: number;
}

/**
 * Looks at topics without joining a consumer group, so that looking changes nothing.
 * Every method throws BrokerUnavailableError when Kafka does not answer, and UnknownTopicError for a topic
 * that does not exist.
 */
export interface TopicReader {
  /** Every topic except Kafka's own, in alphabetical order. */
  topics(): Promise<string[]>;
  /** By topic, in the order of the partitions. */
  ranges(topics: readonly string[]): Promise<Map<string, PartitionRange[]>>;
  /**
   * By topic: each partition's first offset whose record is no older than `timestamp` (ms since 1970); its
   * end when there is none.
   */
  offsetsAt(topics: readonly string[], timestamp: number): Promise<Map<string, Map<number, number>>>;
  /**
   * The records of a span, one fetch after the other, until `maxBytes` have been read. Deleted and compacted
   * records are skipped.
   */
  read(span: Span, maxBytes?: number): Promise<ReadRecords>;
  /** The offset a group has committed in each partition; a partition without one is left out. */
  committed(consumerGroup: string, topic: string): Promise<Map<number, number>>;
  /** Where a producer puts a key: murmur2, as Java's does. */
  partitionOf(topic: string, key: string): Promise<number>;
}

/** Largest response to one fetch in bytes; a single larger record still comes whole. */
const bytesPerFetch = 1024 * 1024;

/**
 * Bytes to request per wanted record, twice the size of an order's. Kafka fills a response up to the
 * requested bytes, and all of it is decoded: a megabyte takes 100 ms.
 */
const bytesPerRecord = 1024;
const fewestBytes = 16 * 1024;

/** A reader on one connection, opened on first use and replaced after a failure. */
export function createTopicReader(cluster: Cluster): TopicReader {
  const use = replaceable(() => openCluster(cluster));
  return {
    topics: () => use(listTopics),
    ranges: (topics) => use((kafka) => findRanges(kafka, topics)),
    offsetsAt: (topics, timestamp) =>
      use(async (kafka) => {
        const [found, ends] = await Promise.all([
          findOffsets(kafka, topics, { fromTimestamp: timestamp }),
          findOffsets(kafka, topics, { fromBeginning: false }),
        ]);
        return new Map([...found].map(([topic, offsets]) => [topic, orEnds(offsets, ends.get(topic))]));
      }),
    read: (span, maxBytes = Infinity) => use((kafka) => readSpan(kafka, span, maxBytes)),
    committed: (consumerGroup, topic) => use((kafka) => findCommitted(kafka, consumerGroup, topic)),
    partitionOf: (topic, key) =>
      use(async (kafka) => {
        const partitionMetadata = [...(await partitionsOf(kafka, topic))];
        const choose = Partitioners.DefaultPartitioner();
        return choose({ topic, partitionMetadata, message: { key, value: null } });
      }),
  };
}

type Use = <T>(work: (kafka: KafkaCluster) => Promise<T>) => Promise<T>;

/**
 * Keeps one connection for as long as it works. One that worked before may have died unnoticed, so its
 * successor tries again.
 */
function replaceable(open: () => Promise<KafkaCluster>): Use {
  let opened: Promise<KafkaCluster> | undefined;

  const drop = async (): Promise<void> => {
    const dropped = opened;
    opened = undefined;
    await dropped?.then((kafka) => kafka.disconnect()).catch(() => undefined);
  };
  onShutdown(drop);

  const attempt: Use = async (work) => {
    const current = (opened ??= open());
    try {
      return await work(await current);
    } catch (error) {
      if (error instanceof UnknownTopicError) throw error;
      if (opened === current) void drop();
      throw new BrokerUnavailableError('Kafka did not answer; check that the brokers are up.', {
        cause: error,
      });
    }
  };

  return async (work) => {
    const isSuccessor = opened === undefined;
    try {
      return await attempt(work);
    } catch (error) {
      if (isSuccessor || error instanceof UnknownTopicError) throw error;
      return await attempt(work);
    }
  };
}

async function listTopics(kafka: KafkaCluster): Promise<string[]> {
  const { topicMetadata } = await kafka.metadata({ topics: [] });
  return topicMetadata
    .filter(({ topic, isInternal }) => isInternal !== true && !topic.startsWith('__'))
    .map(({ topic }) => topic)
    .toSorted();
}

async function partitionsOf(kafka: KafkaCluster, topic: string) {
  await target(kafka, [topic]);
  return kafka.findTopicPartitionMetadata(topic);
}

/** kafkajs knows only the topics it was given. */
async function target(kafka: KafkaCluster, topics: readonly string[]): Promise<void> {
  try {
    await kafka.addMultipleTargetTopics(topics);
    await kafka.refreshMetadataIfNecessary();
  } catch (cause) {
    const type: unknown = cause instanceof Error && 'type' in cause ? cause.type : undefined;
    if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' && type !== 'INVALID_TOPIC_EXCEPTION') throw cause;
    throw new UnknownTopicError(`There is no topic ${topics.join(' or ')}.`, { cause });
  }
}

async function findRanges(
  kafka: KafkaCluster,
  topics: readonly string[],
): Promise<Map<string, PartitionRange[]>> {
  const [starts, ends] = await Promise.all([
    findOffsets(kafka, topics, { fromBeginning: true }),
    findOffsets(kafka, topics, { fromBeginning: false }),
  ]);
  return new Map([...starts].map(([topic, offsets]) => [topic, rangesOf(offsets, ends.get(topic))]));
}

function rangesOf(starts: ReadonlyMap<number, number>, ends = starts): PartitionRange[] {
  return [...starts]
    .map(([partition, start]) => ({ partition, start, end: ends.get(partition) ?? start }))
    .toSorted((a, b) => a.partition - b.partition);
}

/** Kafka answers -1 for a time after the last record. */
function orEnds(found: ReadonlyMap<number, number>, ends: ReadonlyMap<number, number> = new Map()) {
  return new Map(
    [...found].map(([partition, offset]) => [partition, offset < 0 ? (ends.get(partition) ?? 0) : offset]),
  );
}

async function findOffsets(
  kafka: KafkaCluster,
  topics: readonly string[],
  at: { readonly fromBeginning: boolean } | { readonly fromTimestamp: number },
): Promise<Map<string, Map<number, number>>> {
  await target(kafka, topics);
  const queries = topics.map((topic) => ({
    topic,
    partitions: kafka
      .findTopicPartitionMetadata(topic)
      .map(({ partitionId }) => ({ partition: partitionId })),
    ...at,
  }));
  const found = await kafka.fetchTopicsOffset(queries);
  return new Map(
    found.map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    ]),
  );
}

async function findCommitted(kafka: KafkaCluster, groupId: string, topic: string) {
  const partitions = (await partitionsOf(kafka, topic)).map(({ partitionId: partition }) => ({ partition }));
  const coordinator = await kafka.findGroupCoordinator({ groupId });
  const { responses } = await coordinator.offsetFetch({ groupId, topics: [{ topic, partitions }] });
  const offsets = responses.flatMap((response) => response.partitions);
  // Kafka answers -1 for a partition in which the group has committed nothing.
  const committed = offsets.filter(({ offset }) => Number(offset) >= 0);
  return new Map(committed.map(({ partition, offset }) => [partition, Number(offset)]));
}

async function readSpan(kafka: KafkaCluster, span: Span, maxBytes: number): Promise<ReadRecords> {
  const records: KafkaRecord[] = [];
  let next = span.from;
  let bytes = 0;
  while (next < span.to && bytes < maxBytes) {
    const fetched = await fetchOnce(kafka, span, next);
    const last = Number(fetched.at(-1)?.offset ?? -1);
    if (last < next) return { records, next: span.to };
    const wanted = fetched
      .filter(({ isControlRecord }) => !isControlRecord)
      .map((record) => toRecord(span, record))
      .filter(isWithin(next, span.to));
    records.push(...wanted);
    bytes += wanted.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    next = last + 1;
  }
  return { records, next: Math.min(next, span.to) };
}

/** Records come in whole batches, so some are before the requested offset. */
function isWithin(from: number, to: number) {
  return ({ offset }: KafkaRecord) => offset >= from && offset < to;
}

async function fetchOnce(
  kafka: KafkaCluster,
  { topic, partition, to }: Span,
  offset: number,
): Promise<readonly FetchedRecord[]> {
  const [nodeId] = Object.keys(kafka.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new UnknownTopicError(`${topic} has no partition ${partition}.`);
  const broker = await kafka.findBroker({ nodeId });
  const maxBytes = Math.min(bytesPerFetch, Math.max(fewestBytes, (to - offset) * bytesPerRecord));
  const { responses } = await broker.fetch({
    isolationLevel: 0,
    maxWaitTime: 2_000,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
  });
  return responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
}

function toRecord({ topic, partition }: Span, record: FetchedRecord): KafkaRecord {
  return {
    topic,
    partition,
    offset: Number(record.offset),
    timestamp: Number(record.timestamp),
    timestampType: record.batchContext.timestampType === 1 ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
    key: record.key,
    value: record.value,
    headers: Object.entries(record.headers).flatMap(([name, value]) => headersOf(name, value)),
  };
}

function headersOf(name: string, value: FetchedRecord['headers'][string]): Header[] {
  return [value].flat().map((bytes) => ({ name, value: bytes ?? Buffer.alloc(0) }));
}
