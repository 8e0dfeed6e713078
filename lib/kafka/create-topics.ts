import { type Admin, logLevel } from 'kafkajs';
import { isDeadLetterTopic } from '../contracts/contract.ts';
import { causesOf, TopicsNotCreatedError } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { createKafka, security, withAdmin } from './kafkajs/index.ts';

/** Partitions of each topic: three consumers can work side by side. */
const partitionsPerTopic = 3;

/** A dead letter is its record plus headers about the failure; Kafka's default limit is 1,048,588 bytes. */
const deadLetterSize = { name: 'max.message.bytes', value: String(1_048_588 + 64 * 1024) };

/**
 * Creates the topics that do not exist yet and leaves the others as they are. The brokers'
 * `default.replication.factor` decides how many replicas a topic gets. A new topic may have no leader for a
 * moment.
 * @returns the topics that were created
 * @throws TopicsNotCreatedError
 */
export async function createMissingTopics(
  { brokers, login }: Cluster,
  topics: readonly string[],
): Promise<string[]> {
  const kafka = createKafka({
    clientId: 'openorder',
    brokers: [...brokers],
    ...security(login),
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  try {
    return await withAdmin(kafka, (admin) => createMissing(admin, topics));
  } catch (cause) {
    throw notCreated(cause, topics);
  }
}

async function createMissing(admin: Admin, topics: readonly string[]): Promise<string[]> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(topic));
  if (missing.length === 0) return [];
  await admin.createTopics({
    topics: missing.map((topic) => ({
      topic,
      numPartitions: partitionsPerTopic,
      configEntries: isDeadLetterTopic(topic) ? [deadLetterSize] : [],
    })),
    // With KRaft the controller answers before the brokers know of the topic, and kafkajs gives up at that.
    waitForLeaders: false,
  });
  return missing;
}

function notCreated(cause: unknown, topics: readonly string[]): TopicsNotCreatedError {
  return new TopicsNotCreatedError(
    `Kafka did not create the topics ${topics.join(', ')} (${reasonOf(cause)}): see whether the brokers can be reached, and whether the login may list and create topics.`,
    { cause },
  );
}

/** What Kafka answered for the first topic it refused, else what kafkajs says. */
function reasonOf(error: unknown): string {
  for (const link of causesOf(error)) {
    const { type, errors } = link as { type?: unknown; errors?: readonly { type?: unknown }[] };
    const answer = type ?? errors?.[0]?.type;
    if (typeof answer === 'string') return answer;
  }
  return error instanceof Error ? error.message : String(error);
}
