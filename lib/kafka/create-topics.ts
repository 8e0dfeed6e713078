import { type Admin, logLevel } from 'kafkajs';
import { isDeadLetterTopic } from '../contracts/contract.ts';
import { causesOf, TopicsNotCreatedError } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { createKafka, security, withAdmin } from './kafkajs/index.ts';

/** A dead letter is its record plus headers about the failure; Kafka's default limit is 1,048,588 bytes. */
const deadLetterSize = { name: 'max.message.bytes', value: String(1_048_588 + 64 * 1024) };

/** What a call found and did. */
export interface ProvidedTopics {
  readonly created: readonly string[];
  /** Existing topics whose number of partitions differs from the requested one; they are left as they are. */
  readonly partitionMismatches: readonly TopicPartitions[];
}

/** A topic and the partitions that it has. */
interface TopicPartitions {
  readonly topic: string;
  readonly partitions: number;
}

/**
 * Creates the topics that do not exist yet, each with that many partitions, and leaves the others as they
 * are: more partitions would move keys to other ones, so an order's next event could overtake its last one.
 * The brokers' `default.replication.factor` decides how many replicas a topic gets. A new topic may have no
 * leader for a moment.
 * @throws TopicsNotCreatedError
 */
export async function createMissingTopics(
  { brokers, login }: Cluster,
  topics: readonly string[],
  partitions: number,
): Promise<ProvidedTopics> {
  const kafka = createKafka({
    clientId: 'openorder',
    brokers: [...brokers],
    ...security(login),
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  try {
    return await withAdmin(kafka, (admin) => createMissing(admin, topics, partitions));
  } catch (cause) {
    throw notCreated(cause, topics);
  }
}

async function createMissing(
  admin: Admin,
  topics: readonly string[],
  partitions: number,
): Promise<ProvidedTopics> {
  const existing = await partitionsOf(admin, topics);
  const created = topics.filter((topic) => !existing.some((each) => each.topic === topic));
  const partitionMismatches = existing.filter((each) => each.partitions !== partitions);
  if (created.length > 0) await create(admin, created, partitions);
  return { created, partitionMismatches };
}

async function partitionsOf(admin: Admin, topics: readonly string[]): Promise<TopicPartitions[]> {
  const metadata = await admin.fetchTopicMetadata(); // of all topics: it throws when asked for one that is missing
  return metadata.topics
    .filter(({ name }) => topics.includes(name))
    .map(({ name, partitions }) => ({ topic: name, partitions: partitions.length }));
}

async function create(admin: Admin, topics: readonly string[], partitions: number): Promise<void> {
  await admin.createTopics({
    topics: topics.map((topic) => ({
      topic,
      numPartitions: partitions,
      configEntries: isDeadLetterTopic(topic) ? [deadLetterSize] : [],
    })),
    // With KRaft the controller answers before the brokers know the topic, which makes kafkajs give up.
    waitForLeaders: false,
  });
}

function notCreated(cause: unknown, topics: readonly string[]): TopicsNotCreatedError {
  return new TopicsNotCreatedError(
    `Kafka did not create the topics ${topics.join(', ')} (${reasonOf(cause)}): check that the brokers can be reached, and that the login may list and create topics.`,
    { cause },
  );
}

/** Kafka's answer for the first topic that it refused, else kafkajs' message. */
function reasonOf(error: unknown): string {
  for (const link of causesOf(error)) {
    const { type, errors } = link as { type?: unknown; errors?: readonly { type?: unknown }[] };
    const answer = type ?? errors?.[0]?.type;
    if (typeof answer === 'string') return answer;
  }
  return error instanceof Error ? error.message : String(error);
}
