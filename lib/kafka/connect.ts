import { setting } from '../config.ts';
import { createPublisher, type Publisher } from './publisher.ts';

/** The container's publisher, opened at the first use. @throws ConfigurationError when KAFKA_BROKERS is missing */
export function connectPublisher(): Publisher {
  return createPublisher(setting('KAFKA_BROKERS'));
}

/** The consumer group in which this function reads a topic; serverless.yml gives its triggers the same. @throws ConfigurationError */
export function consumerGroups(): (topic: string) => string {
  const prefix = setting('CONSUMER_GROUP_PREFIX');
  return (topic) => `${prefix}-${topic}`;
}
