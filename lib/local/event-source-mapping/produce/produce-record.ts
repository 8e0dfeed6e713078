import kafkajs, { type Kafka, type Message } from 'kafkajs';
import { EventSourceMappingError, messageOf } from '../errors.ts';
import { brokersOf } from '../event-source-mappings.ts';
import type { Log } from '../host/serverless.ts';
import type { Settings } from '../host/settings.ts';
import { createKafka, withAdmin } from '../kafka/client.ts';
import type { MappingDefinition } from '../mapping/definition.ts';

/** Where a record was written. */
export interface ProducedRecord {
  readonly partition: number;
  readonly offset: string;
}

/**
 * Writes one record to an existing topic, to the partition that the Java client would choose for its key.
 * @throws EventSourceMappingError `UNKNOWN_TOPIC`, `NO_BROKERS` or `BROKERS_UNREACHABLE`
 */
export async function produceRecord(
  topic: string,
  message: Message,
  service: { definitions: readonly MappingDefinition[]; settings: Settings; log: Log },
): Promise<ProducedRecord> {
  const brokers = brokersFor(topic, service.definitions, service.settings);
  const kafka = createKafka(brokers, service.settings, service.log);
  try {
    await requireTopic(kafka, topic, service.definitions);
    return await send(kafka, topic, message);
  } catch (error) {
    if (error instanceof EventSourceMappingError) throw error;
    throw new EventSourceMappingError(
      'BROKERS_UNREACHABLE',
      `The record was not written to ${brokers.join(', ')}: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

/** The brokers of a trigger on this topic, or else of any trigger. */
function brokersFor(
  topic: string,
  definitions: readonly MappingDefinition[],
  settings: Settings,
): readonly string[] {
  const trigger = definitions.find((definition) => definition.topic === topic) ?? definitions[0];
  if (trigger) return brokersOf(trigger, settings);
  if (settings.bootstrapServers) return settings.bootstrapServers;
  throw new EventSourceMappingError(
    'NO_BROKERS',
    'This service has no Kafka trigger that names brokers: ' +
      'set custom.kafkaEventSourceMapping.bootstrapServers to a list of host:port.',
  );
}

/** Otherwise a misspelled name would create a topic where brokers allow it. */
async function requireTopic(
  kafka: Kafka,
  topic: string,
  definitions: readonly MappingDefinition[],
): Promise<void> {
  const topics = await withAdmin(kafka, (admin) => admin.listTopics());
  if (topics.includes(topic)) return;
  const read = [...new Set(definitions.map((definition) => definition.topic))].sort();
  throw new EventSourceMappingError(
    'UNKNOWN_TOPIC',
    `There is no topic "${topic}". The triggers of this service read: ${read.join(', ') || 'none'}.`,
  );
}

async function send(kafka: Kafka, topic: string, message: Message): Promise<ProducedRecord> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const [written] = await producer.send({ topic, messages: [message], acks: -1 });
    return { partition: written?.partition ?? 0, offset: written?.baseOffset ?? '?' };
  } finally {
    await producer.disconnect();
  }
}
