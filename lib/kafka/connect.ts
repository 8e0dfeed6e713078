import { setting } from '../config.ts';
import { createPublisher, type ReportingPublisher } from './publisher.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';

/** The container's publisher, opened at the first use. @throws ConfigurationError when KAFKA_BROKERS is missing */
export function connectPublisher(): ReportingPublisher {
  return createPublisher({ brokers: setting('KAFKA_BROKERS'), credentials: credentials() });
}

/** The container's view of the topics, opened at the first use. @throws ConfigurationError when KAFKA_BROKERS is missing */
export function connectTopicReader(): TopicReader {
  return createTopicReader({ brokers: setting('KAFKA_BROKERS'), credentials: credentials() });
}

function credentials() {
  const username = setting('KAFKA_USERNAME');
  const password = setting('KAFKA_PASSWORD');
  return username !== undefined && password !== undefined ? { username, password } : undefined;
}

/** The consumer group in which this function reads a topic; serverless.yml gives its triggers the same. @throws ConfigurationError */
export function consumerGroups(): (topic: string) => string {
  const prefix = setting('CONSUMER_GROUP_PREFIX');
  return (topic) => `${prefix}-${topic}`;
}
