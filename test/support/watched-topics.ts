import { randomUUID } from 'node:crypto';
import { logLevel, type KafkaMessage } from 'kafkajs';
import { createKafka } from '../../lib/kafka/kafkajs/index.ts';
import { waitFor } from './wait.ts';

/** A record as stored on a topic. */
export type TopicRecord = KafkaMessage & { readonly topic: string; readonly partition: number };

/** The topics of the test broker, to write to and to read in full. */
export interface Topics {
  /** Writes raw records. */
  send(
    topic: string,
    messages: { key?: string; value: Buffer | string; partition?: number }[],
  ): Promise<void>;
  /** Waits until a record that satisfies the condition is on one of the watched topics. */
  find(condition: (record: TopicRecord) => boolean, what: string): Promise<TopicRecord>;
  /** Everything seen so far on the watched topics. */
  readonly seen: readonly TopicRecord[];
  close(): Promise<void>;
}

/** Connects to the test broker and watches topics from their beginning. */
export async function watchTopics(brokers: readonly string[], watched: readonly string[]): Promise<Topics> {
  const kafka = createKafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  const consumer = kafka.consumer({ groupId: `watch-${randomUUID()}`, maxWaitTimeInMs: 50 });
  const seen: TopicRecord[] = [];
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: [...watched], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, partition, message }) => {
      seen.push({ ...message, topic, partition });
      return Promise.resolve();
    },
  });
  return {
    seen,
    send: async (topic, messages) => {
      await producer.send({ topic, messages });
    },
    find: (condition, what) => waitFor(() => seen.find(condition), { deadlineMs: 20_000, what }),
    close: async () => {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}
