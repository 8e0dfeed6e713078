declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator, logLevel } from 'kafkajs';
  export type RootLogger = object;
  export function createLogger(options: { level: logLevel; logCreator: logCreator }): RootLogger;
}
declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function socketFactory(): ISocketFactory;
}
declare module 'kafkajs/src/cluster/index.js' {
  import type { ISocketFactory, PartitionMetadata, RetryOptions, Mechanism } from 'kafkajs';
  import type { RootLogger } from 'kafkajs/src/loggers/index.js';

  export interface FetchedRecord {
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>;
    readonly isControlRecord: boolean;
    readonly batchContext: { readonly timestampType: 0 | 1 };
  }
  interface FetchRequest {
    readonly isolationLevel: 0 | 1;
    /** Also the timeout of the request, in ms. */
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }
  interface FetchResponse {
    readonly responses: readonly {
      readonly partitions: readonly { readonly messages: readonly FetchedRecord[] }[];
    }[];
  }
  interface OffsetFetchResponse {
    readonly responses: readonly {
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }
  export interface Broker {
    fetch(request: FetchRequest): Promise<FetchResponse>;
    offsetFetch(request: {
      readonly groupId: string;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
      }[];
    }): Promise<OffsetFetchResponse>;
  }
  interface OffsetQuery {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number }[];
    readonly fromBeginning?: boolean;
    readonly fromTimestamp?: number;
  }
  interface TopicOffsets {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
  }
  class Cluster {
    constructor(options: {
      readonly logger: RootLogger;
      readonly socketFactory: ISocketFactory;
      readonly brokers: readonly string[];
      readonly clientId: string;
      readonly ssl?: boolean;
      readonly sasl?: Mechanism;
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly metadataMaxAge: number;
      readonly retry: RetryOptions;
      readonly allowAutoTopicCreation: boolean;
      readonly maxInFlightRequests: number | null;
      readonly isolationLevel: 0 | 1;
    });
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    metadata(query: { readonly topics: readonly string[] }): Promise<{
      readonly topicMetadata: readonly { readonly topic: string; readonly isInternal?: boolean }[];
    }>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
    findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
    findBroker(query: { readonly nodeId: string }): Promise<Broker>;
    findGroupCoordinator(query: { readonly groupId: string }): Promise<Broker>;
    fetchTopicsOffset(queries: readonly OffsetQuery[]): Promise<TopicOffsets[]>;
  }
  export default Cluster;
}
