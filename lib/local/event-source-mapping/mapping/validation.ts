import { parseFilterCriteria } from '../filter/filter-criteria.ts';
import { InvalidPatternError } from '../filter/invalid-pattern.ts';
import type { MappingProperties } from './properties.ts';
import { kafkaConfig, schemaRegistryProblems } from './schema-registry.ts';

interface Rule {
  readonly property: string;
  readonly allowed: string;
  readonly accepts: (value: unknown, properties: Record<string, unknown>) => boolean;
  /** Where to find the value; `properties[property]` by default. */
  readonly read?: (properties: Record<string, unknown>) => unknown;
}

const topicName = /^[a-zA-Z0-9_-][a-zA-Z0-9\-_.]{0,248}$/;
const destinationArn = /^arn:[a-z-]+:(sqs|sns|s3):/;

/** Limits of the API: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const rules: readonly Rule[] = [
  { property: 'BatchSize', allowed: 'a whole number from 1 to 10000', accepts: wholeNumber(1, 10_000) },
  {
    property: 'MaximumBatchingWindowInSeconds',
    allowed: 'a whole number of seconds from 0 to 300',
    accepts: wholeNumber(0, 300),
  },
  { property: 'Enabled', allowed: 'true or false', accepts: isBoolean },
  {
    property: 'StartingPosition',
    allowed: 'LATEST, TRIM_HORIZON or AT_TIMESTAMP',
    accepts: oneOf('LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'),
  },
  {
    property: 'StartingPositionTimestamp',
    allowed: 'set with AT_TIMESTAMP, as Unix time in seconds that is not in the future',
    accepts: (value) => isNumber(value) && Number(value) >= 0 && Number(value) * 1000 <= Date.now(),
    read: (properties) => properties.StartingPositionTimestamp ?? requiredWithTimestamp(properties),
  },
  {
    property: 'MaximumRetryAttempts',
    allowed: '-1 (endless) or a whole number from 0 to 10000',
    accepts: wholeNumber(-1, 10_000),
  },
  {
    property: 'MaximumRecordAgeInSeconds',
    allowed: '-1 (endless) or a whole number of seconds from 60 to 604800',
    accepts: (value) => isNumber(value) && (Number(value) === -1 || wholeNumber(60, 604_800)(value)),
  },
  { property: 'BisectBatchOnFunctionError', allowed: 'true or false', accepts: isBoolean },
  {
    property: 'FunctionResponseTypes',
    allowed: 'a list that is empty or contains ReportBatchItemFailures',
    accepts: (value) => Array.isArray(value) && value.every((entry) => entry === 'ReportBatchItemFailures'),
  },
  {
    property: 'ConsumptionMode',
    // First in version 3.1161.0 of the AWS SDK: https://docs.aws.amazon.com/lambda/latest/dg/polling-kafka-queue.html
    allowed:
      'Stream: share groups (Queue, on AWS since 30 October 2026, for Kafka 4.2) are not supported here. The closest ' +
      'match is Stream with more partitions and ReportBatchItemFailures',
    accepts: (value) => value === 'Stream',
    read: (properties) => kafkaConfig(properties)?.ConsumptionMode,
  },
  {
    property: 'ConsumerGroupId',
    allowed: 'at most 200 of the characters a-z A-Z 0-9 - / * : _ + = . @',
    accepts: (value) => typeof value === 'string' && /^[a-zA-Z0-9\-/*:_+=.@]{0,200}$/.test(value),
    read: consumerGroupId,
  },
  {
    property: 'Topics',
    allowed: 'exactly one topic of at most 249 of the characters a-z A-Z 0-9 . _ -',
    accepts: (value) => Array.isArray(value) && value.length === 1 && topicName.test(String(value[0])),
  },
  {
    property: 'KafkaBootstrapServers',
    allowed: '1 to 10 brokers written host:port',
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= 10 && value.every(isBroker),
    read: kafkaBootstrapServers,
  },
  {
    property: 'DestinationConfig',
    allowed:
      'kafka:// and a topic other than the source, or the ARN of an SQS queue, an SNS topic or an S3 bucket',
    accepts: (value, properties) => isDestination(value, topicOf(properties)),
    read: failureDestination,
  },
  {
    property: 'DestinationConfig.OnSuccess',
    allowed: 'left out: Kafka event source mappings have failure destinations only',
    accepts: () => false,
    read: (properties) => asRecord(properties.DestinationConfig)?.OnSuccess,
  },
];

/** One sentence per invalid setting, with the function, the topic, the property and what is allowed. */
export function problemsOf(mapping: MappingProperties): string[] {
  const { properties } = mapping;
  const problems = rules.flatMap((rule) => {
    const value = rule.read ? rule.read(properties) : properties[rule.property];
    if (value === undefined || rule.accepts(value, properties)) return [];
    return [`${mapping.nameOf(rule.property)} is ${shown(value)}, but must be ${rule.allowed}`];
  });
  return [...problems, ...schemaRegistryProblems(properties), ...filterProblems(mapping)].map(
    (problem) => `${subjectOf(mapping)}: ${problem}.`,
  );
}

/** A mapping's name in messages. */
function subjectOf({ origin, logicalId, functionKey, properties }: MappingProperties): string {
  const subject = `Function "${functionKey}", topic "${topicOf(properties)}"`;
  return origin === 'resource' ? `${subject}, resource "${logicalId}"` : subject;
}

function filterProblems(mapping: MappingProperties): string[] {
  try {
    parseFilterCriteria(mapping.properties.FilterCriteria);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    return [`${mapping.nameOf('FilterCriteria')}: invalid filter pattern definition: ${error.message}`];
  }
}

/** The destination as declared: a string, or an intrinsic function such as `Fn::GetAtt`. */
export function failureDestination(properties: Record<string, unknown>): unknown {
  const destination = asRecord(asRecord(properties.DestinationConfig)?.OnFailure)?.Destination;
  return destination === '' ? undefined : destination;
}

export function consumerGroupId(properties: Record<string, unknown>): unknown {
  return kafkaConfig(properties)?.ConsumerGroupId;
}

/** The topic of a mapping; empty when a resource names none. */
export function topicOf({ Topics: topics }: Record<string, unknown>): string {
  return Array.isArray(topics) ? String(topics[0]) : '';
}

export function kafkaBootstrapServers(properties: Record<string, unknown>): unknown {
  return asRecord(asRecord(properties.SelfManagedEventSource)?.Endpoints)?.KafkaBootstrapServers;
}

function requiredWithTimestamp(properties: Record<string, unknown>): unknown {
  return properties.StartingPosition === 'AT_TIMESTAMP' ? null : undefined;
}

function isDestination(destination: unknown, sourceTopic: unknown): boolean {
  if (typeof destination !== 'string') return asRecord(destination) !== undefined;
  if (!destination.startsWith('kafka://')) return destinationArn.test(destination);
  const topic = destination.slice('kafka://'.length);
  return topicName.test(topic) && topic !== sourceTopic;
}

function isBroker(value: unknown): boolean {
  if (typeof value !== 'string') return asRecord(value) !== undefined;
  return value.length <= 300 && /^[^\s,]+:\d+$/.test(value);
}

function wholeNumber(minimum: number, maximum: number): (value: unknown) => boolean {
  return (value) =>
    isNumber(value) &&
    Number.isInteger(Number(value)) &&
    Number(value) >= minimum &&
    Number(value) <= maximum;
}

/** CloudFormation also accepts numbers as strings. */
function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

/** CloudFormation also accepts booleans as strings. */
function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean' || value === 'true' || value === 'false';
}

function oneOf(...allowed: string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && allowed.includes(value);
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function shown(value: unknown): string {
  return value === null ? 'missing' : JSON.stringify(value);
}
