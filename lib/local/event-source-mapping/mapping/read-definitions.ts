import { EventSourceMappingError } from '../errors.ts';
import { parseFilterCriteria } from '../filter/filter-criteria.ts';
import type { Serverless } from '../host/serverless.ts';
import type { EventSource, MappingDefinition, RetryPolicy, StartingPosition } from './definition.ts';
import { clusterName, readEventMappings, type MappingProperties } from './properties.ts';
import { readResourceMappings, type ResourceMappings } from './resources.ts';
import { readSchemaRegistry } from './schema-registry.ts';
import {
  consumerGroupId,
  failureDestination,
  kafkaBootstrapServers,
  problemsOf,
  topicOf,
} from './validation.ts';

/** Kafka differs from the other sources: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html */
const defaultBatchSize = 100;
const defaultBatchWindowMs = 500;
/** AWS's own default is 3 s, but the framework deploys 6 s. */
const defaultFunctionTimeoutS = 6;
/** The retries when they are unlimited but there is a failure destination. */
const retriesWithDestination = 10;

/** Since November 2025: https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html */
const provisionedModeProperties = [
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
];

const knownProperties = new Set([
  ...provisionedModeProperties,
  'AmazonManagedKafkaEventSourceConfig',
  'BatchSize',
  'DestinationConfig',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'KmsKeyArn',
  'LoggingConfig',
  'MaximumBatchingWindowInSeconds',
  'MetricsConfig',
  'ProvisionedPollerConfig',
  'SelfManagedEventSource',
  'SelfManagedKafkaEventSourceConfig',
  'SourceAccessConfigurations',
  'StartingPosition',
  'StartingPositionTimestamp',
  'Tags',
  'Topics',
]);

/** Logical ids of the mappings in `resources` for functions of other services. */
export function foreignMappings(serverless: Serverless): readonly string[] {
  return resourceMappingsOf(serverless).foreign;
}

function resourceMappingsOf(serverless: Serverless): ResourceMappings {
  const provider = serverless.getProvider('aws');
  return readResourceMappings(serverless.service, provider.getStage(), provider.naming);
}

/**
 * All event source mappings of a service.
 * @throws EventSourceMappingError `INVALID_EVENT_SOURCE_MAPPING`, with one sentence per invalid setting
 */
export function readDefinitions(serverless: Serverless): MappingDefinition[] {
  const mappings = [
    ...readEventMappings(serverless.service, serverless.getProvider('aws').naming),
    ...resourceMappingsOf(serverless).mappings,
  ];
  const problems = mappings.flatMap(problemsOf);
  if (problems.length > 0) {
    throw new EventSourceMappingError('INVALID_EVENT_SOURCE_MAPPING', problems.join('\n'));
  }
  return mappings.map((mapping) => toDefinition(mapping, serverless));
}

function toDefinition(mapping: MappingProperties, serverless: Serverless): MappingDefinition {
  const { functionKey, functionDefinition, properties } = mapping;
  const { service } = serverless;
  const prefix = `${service.service}-${serverless.getProvider('aws').getStage()}-${functionKey}`;
  const topic = topicOf(properties);
  const timeout = functionDefinition.timeout ?? service.provider.timeout ?? defaultFunctionTimeoutS;
  return {
    functionKey,
    functionName: functionDefinition.name ?? prefix,
    functionTimeoutMs: timeout * 1000,
    topic,
    eventSource: eventSourceOf(mapping),
    bootstrapServers: (kafkaBootstrapServers(properties) ?? []) as string[],
    groupId: (consumerGroupId(properties) as string | undefined) ?? ownGroup(prefix, mapping, topic),
    enabled: isTrue(properties.Enabled ?? true),
    startingPosition: startingPositionOf(properties),
    batchSize: Number(properties.BatchSize ?? defaultBatchSize),
    batchWindowMs: batchWindowMs(properties),
    schemaRegistry: readSchemaRegistry(properties),
    filterCriteria: parseFilterCriteria(properties.FilterCriteria),
    retryPolicy: retryPolicyOf(properties),
    failureDestination: destinationOf(properties),
    provisionedOnly: provisionedOnly(properties),
    unknownProperties: Object.keys(properties).filter((property) => !knownProperties.has(property)),
  };
}

/** AWS uses the mapping's UUID; this name is readable and survives restarts. */
function ownGroup(prefix: string, mapping: MappingProperties, topic: string): string {
  if (mapping.origin === 'resource') return `${prefix}-${mapping.logicalId}`;
  if (mapping.kind === 'kafka') return `${prefix}-${topic}`;
  return `${prefix}-${clusterName(mapping.properties.EventSourceArn)}-${topic}`;
}

function eventSourceOf({ kind, properties }: MappingProperties): EventSource {
  if (kind === 'kafka') return { type: 'SelfManagedKafka' };
  const arn = properties.EventSourceArn;
  return { type: 'aws:kafka', arn: typeof arn === 'string' ? arn : JSON.stringify(arn) };
}

function startingPositionOf(properties: Record<string, unknown>): StartingPosition {
  const type = properties.StartingPosition as StartingPosition['type'];
  if (type !== 'AT_TIMESTAMP') return { type };
  return { type, timestampMs: Math.round(Number(properties.StartingPositionTimestamp) * 1000) };
}

function batchWindowMs(properties: Record<string, unknown>): number {
  const seconds = properties.MaximumBatchingWindowInSeconds;
  return seconds === undefined ? defaultBatchWindowMs : Number(seconds) * 1000;
}

function retryPolicyOf(properties: Record<string, unknown>): RetryPolicy {
  const types = (properties.FunctionResponseTypes ?? []) as string[];
  const endless = failureDestination(properties) === undefined ? Infinity : retriesWithDestination;
  return {
    maximumRetryAttempts: orElse(properties.MaximumRetryAttempts, endless),
    maximumRecordAgeMs: orElse(properties.MaximumRecordAgeInSeconds, Infinity) * 1000,
    bisectBatchOnFunctionError: isTrue(properties.BisectBatchOnFunctionError),
    reportBatchItemFailures: types.includes('ReportBatchItemFailures'),
  };
}

/** CloudFormation also accepts booleans as strings. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** -1 and a missing value mean "no limit". */
function orElse(value: unknown, noLimit: number): number {
  return value === undefined || Number(value) === -1 ? noLimit : Number(value);
}

function destinationOf(properties: Record<string, unknown>): string | undefined {
  const destination = failureDestination(properties);
  if (destination === undefined || typeof destination === 'string') return destination;
  return JSON.stringify(destination);
}

function provisionedOnly(properties: Record<string, unknown>): string[] {
  if (properties.ProvisionedPollerConfig !== undefined) return [];
  const used = provisionedModeProperties.filter((property) => properties[property] !== undefined);
  return destinationOf(properties)?.startsWith('kafka://') ? [...used, 'a Kafka topic as destination'] : used;
}
