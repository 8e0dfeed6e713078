import { logLevel } from 'kafkajs';
import KafkaCluster from 'kafkajs/src/cluster/index.js';
import { createLogger } from 'kafkajs/src/loggers/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import { logger } from '../../logger.ts';
import type { Cluster } from '../cluster.ts';
import { security } from './scram-login.ts';

/**
 * Connects kafkajs' internal view of a cluster. Its consumers always join a group, so every look at a topic
 * would leave a trace; beneath them is a fetch without a group, which kafkajs 2.2.4 does not export.
 */
export async function openCluster({ brokers, login }: Cluster): Promise<KafkaCluster> {
  const cluster = new KafkaCluster({
    clientId: 'openorder',
    brokers,
    ...security(login),
    connectionTimeout: 3_000,
    requestTimeout: 3_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 500 },
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: 0, // also read records of open and aborted transactions: they are on the topic, too
    socketFactory: socketFactory(),
    logger: createLogger({
      level: logLevel.WARN,
      logCreator: () => (entry) => {
        logger.debug(entry.log.message, { kafka: entry.namespace });
      },
    }),
  });
  await cluster.connect();
  return cluster;
}
