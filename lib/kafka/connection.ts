import {
  CompressionTypes,
  type ICustomPartitioner,
  type Kafka,
  type PartitionMetadata,
  Partitioners,
  logLevel,
} from 'kafkajs';
import { logger } from '../logger.ts';
import type { Cluster } from './cluster.ts';
import { createKafka, headersByName, security } from './kafkajs/index.ts';
import type { OutgoingRecord } from './records.ts';

/**
 * One producer's connection to the cluster; it connects on the first send. All methods reject with kafkajs'
 * errors.
 */
export interface KafkaConnection {
  /** Resolves when all in-sync replicas have the records. */
  send(records: readonly OutgoingRecord[], compression?: 'none' | 'gzip'): Promise<void>;
  /** The partition of the topic that each of the records will be written to. */
  partitionsFor(topic: string, records: readonly OutgoingRecord[]): Promise<number[]>;
  close(): Promise<void>;
}

const retries = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Opens a connection whose sends give up after about 10 s: 3 requests of at most 3 s. */
export function openConnection({ brokers, login }: Cluster): KafkaConnection {
  const kafka = createKafka({
    clientId: 'openorder',
    brokers: [...brokers],
    ...security(login),
    connectionTimeout: 3_000,
    requestTimeout: 3_000,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      logger.debug(entry.log.message, { kafka: entry.namespace });
    },
  });
  const producer = kafka.producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    createPartitioner: existingPartition,
    retry: retries,
  });
  const choose = existingPartition();
  const connected = producer.connect();
  // The send awaits it and rejects; without this a close before the first send would leave an unhandled
  // rejection.
  connected.catch(() => undefined);

  return {
    async send(records, compression = 'none') {
      await connected;
      await producer.sendBatch({
        acks: -1,
        topicMessages: byTopic(records),
        compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
      });
    },
    async partitionsFor(topic, records) {
      const partitionMetadata = await partitionsOf(kafka, topic);
      return records.map((record) => choose({ topic, partitionMetadata, message: messageOf(record) }));
    },
    close: () => producer.disconnect(),
  };
}

/**
 * The partition that the record names, else murmur2 of the key as in Java's producer. kafkajs silently drops
 * a record whose partition does not exist; here the key then decides, as in Spring Kafka for dead letters.
 */
const existingPartition: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  return ({ message: { partition, ...message }, ...rest }) => {
    const exists = rest.partitionMetadata.some(({ partitionId }) => partitionId === partition);
    return exists && partition !== undefined ? partition : choose({ ...rest, message });
  };
};

async function partitionsOf(kafka: Kafka, topic: string): Promise<PartitionMetadata[]> {
  const admin = kafka.admin({ retry: retries });
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.flatMap(({ partitions }) => partitions);
  } finally {
    await admin.disconnect();
  }
}

function byTopic(records: readonly OutgoingRecord[]) {
  return [...Map.groupBy(records, (record) => record.topic)].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(messageOf),
  }));
}

function messageOf({ key, value, headers, partition }: OutgoingRecord) {
  return {
    key,
    value,
    headers: headersByName(headers.map((header) => [header.name, header.value] as const)),
    ...(partition === undefined ? {} : { partition }),
  };
}
