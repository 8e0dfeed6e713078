import { logLevel, type Admin } from 'kafkajs';
import { createMissingTopics } from '../../kafka/create-topics.ts';
import { createKafka, withAdmin } from '../../kafka/kafkajs/index.ts';
import { StackError } from './errors.ts';
import { until } from './until.ts';

/** The local partitions of each topic: three consumers can work in parallel. */
const partitionsPerTopic = 3;

const clientOf = (brokers: string[]) =>
  createKafka({ brokers, clientId: 'openorder-stack', logLevel: logLevel.NOTHING, retry: { retries: 0 } });

/**
 * Waits until the brokers answer, each partition has a leader, and consumer groups can join: an open port
 * alone is not readiness.
 * @throws StackError `KAFKA_UNREACHABLE` when they are not ready within 30 s
 */
export async function waitForKafka(brokers: string[], signal?: AbortSignal): Promise<void> {
  const what = `Kafka at ${brokers.join(', ')}`;
  try {
    await until(() => withAdmin(clientOf(brokers), isReady), { deadlineMs: 30_000, what, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const hint = 'start that Kafka, or unset KAFKA_BROKERS to have one started';
    throw new StackError('KAFKA_UNREACHABLE', `${what} is not ready: ${hint}.`, { cause });
  }
}

/** Creates the topics that do not exist yet, and waits until each partition has a leader. */
export async function createTopics(brokers: string[], topics: readonly string[]): Promise<void> {
  await createMissingTopics({ brokers }, topics, partitionsPerTopic);
  await until(() => withAdmin(clientOf(brokers), (admin) => haveLeaders(admin, topics)), {
    deadlineMs: 30_000,
    what: `the topics ${topics.join(', ')}`,
  });
}

async function haveLeaders(admin: Admin, topics: readonly string[]): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  return metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
}

async function isReady(admin: Admin): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata();
  if (topics.some(({ partitions }) => partitions.some(({ leader }) => leader < 0))) return false;
  // Requests a group coordinator: the first such request makes the broker create its offsets topic.
  await admin.fetchOffsets({ groupId: 'openorder-readiness', topics: [] });
  return true;
}
