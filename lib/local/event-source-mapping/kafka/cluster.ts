import type { Kafka } from 'kafkajs';

/**
 * The part of kafkajs's internal cluster that is used here; a consumer would have to join a group to fetch.
 */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(options: { nodeId: string }): Promise<Broker>;
}

interface Broker {
  fetch(request: object): Promise<{ responses: { partitions: { messages: Message[] }[] }[] }>;
}

interface Message {
  readonly offset: string;
  readonly timestamp: string;
  readonly isControlRecord: boolean;
}

/** Where reading starts in one partition. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** The smallest fetch possible: Kafka returns one whole record batch. */
const oneBatch = 1;

/**
 * The timestamp, in ms since 1970, of the first record at or after each position; a partition without such a
 * record is left out. Joins no consumer group.
 */
export async function firstTimestamps(
  kafka: Kafka,
  topic: string,
  positions: readonly Position[],
): Promise<Map<number, number>> {
  if (positions.length === 0) return new Map();
  const cluster = createCluster(kafka);
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    await cluster.refreshMetadataIfNecessary();
    const found = positions.map(
      async (position) => [position.partition, await firstTimestamp(cluster, topic, position)] as const,
    );
    return new Map(
      (await Promise.all(found)).flatMap(([partition, time]) => (time ? [[partition, time]] : [])),
    );
  } finally {
    await cluster.disconnect();
  }
}

async function firstTimestamp(
  cluster: Cluster,
  topic: string,
  { partition, offset }: Position,
): Promise<number | undefined> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) return undefined;
  const broker = await cluster.findBroker({ nodeId });
  const { responses } = await broker.fetch({
    maxWaitTime: 1000,
    minBytes: 1,
    maxBytes: oneBatch,
    isolationLevel: 1,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: oneBatch }] }],
  });
  const messages = responses.flatMap((response) => response.partitions).flatMap((one) => one.messages);
  const first = messages.find((message) => !message.isControlRecord && Number(message.offset) >= offset);
  return first && Number(first.timestamp);
}

/**
 * kafkajs 2.2.4 keeps the factory, with all the client's settings, under a symbol that it does not export.
 */
function createCluster(kafka: Kafka): Cluster {
  const factories = kafka as unknown as Record<symbol, (options: object) => Cluster>;
  const key = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const create = key && factories[key];
  if (!create) throw new Error('kafkajs has no cluster factory: version 2.2.4 is required.');
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false });
}
