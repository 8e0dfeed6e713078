import { setting } from '../config.ts';
import { secretOf } from '../secrets.ts';
import type { Cluster } from './cluster.ts';
import { createPublisher, type ReportingPublisher } from './publisher.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';

/**
 * The container's publisher, opened on first use.
 * @throws ConfigurationError when KAFKA_BROKERS is missing
 */
export function connectPublisher(): ReportingPublisher {
  return createPublisher(cluster());
}

/**
 * The container's reader of topics, opened on first use.
 * @throws ConfigurationError when KAFKA_BROKERS is missing
 */
export function connectTopicReader(): TopicReader {
  return createTopicReader(cluster());
}

/**
 * The cluster to connect to. With `KAFKA_SECRET_ARN` the login comes from that secret; otherwise there is
 * none.
 * @throws ConfigurationError when KAFKA_BROKERS is missing
 */
export function cluster(): Cluster {
  const secretArn = setting('KAFKA_SECRET_ARN');
  return {
    brokers: setting('KAFKA_BROKERS'),
    login: secretArn === undefined ? undefined : secretOf(secretArn),
  };
}

/**
 * The consumer group in which this function reads a topic: the function's name and the topic's, as
 * serverless.yml gives it to each trigger. @throws ConfigurationError outside Lambda and its stand-ins
 */
export function consumerGroups(): (topic: string) => string {
  const functionName = setting('AWS_LAMBDA_FUNCTION_NAME');
  return (topic) => `${functionName}-${topic}`;
}
