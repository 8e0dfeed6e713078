import type { FunctionDefinition, Functions, Naming, Resources, Service } from '../host/serverless.ts';
import { asList, isObject, withoutUndefined } from './values.ts';

/** A mapping's CloudFormation properties and their origin. */
export interface MappingProperties {
  readonly functionKey: string;
  readonly functionDefinition: FunctionDefinition;
  readonly kind: 'kafka' | 'msk';
  /** Whether the framework creates it from an event, or it is declared as a resource. */
  readonly origin: 'event' | 'resource';
  readonly logicalId: string;
  readonly properties: Record<string, unknown>;
  /** The name of a property as the user wrote it: `batchSize` in an event, `BatchSize` in an extension. */
  nameOf(property: string): string;
}

type Event = Record<string, unknown>;

/**
 * Turns every `kafka` and `msk` event into the properties that the framework would deploy, merged with
 * `resources.extensions.<LogicalId>.Properties` as the framework does (a shallow merge at packaging).
 */
export function readEventMappings(service: Service, naming: Naming): MappingProperties[] {
  const declared = declaredProperties(service.resources);
  const mappings = functionsOf(service).flatMap(([functionKey, definition]) =>
    eventsOf(definition).map(([kind, event]) =>
      toProperties({ functionKey, functionDefinition: definition, kind, event, naming, declared }),
    ),
  );
  // Two events with the same logical id are one resource on AWS: the last one wins.
  return [...new Map(mappings.map((mapping) => [mapping.logicalId, mapping])).values()];
}

/** The functions of a service with their keys. */
export function functionsOf(service: Service): [string, FunctionDefinition][] {
  return asList<Functions>(service.functions).flatMap((functions) => Object.entries(functions));
}

function eventsOf(definition: FunctionDefinition): ['kafka' | 'msk', Event][] {
  return (definition.events ?? []).flatMap((event) =>
    (['kafka', 'msk'] as const)
      .filter((kind) => isObject(event[kind]))
      .map((kind): ['kafka' | 'msk', Event] => [kind, event[kind] as Event]),
  );
}

function toProperties(source: {
  functionKey: string;
  functionDefinition: FunctionDefinition;
  kind: 'kafka' | 'msk';
  event: Event;
  naming: Naming;
  declared: Record<string, Record<string, unknown>>;
}): MappingProperties {
  const { functionKey, functionDefinition, kind, event, naming } = source;
  const topic = String(event.topic);
  const logicalId =
    kind === 'kafka'
      ? naming.getKafkaEventLogicalId(functionKey, topic)
      : naming.getMSKEventLogicalId(functionKey, clusterName(event.arn), topic);
  const extension = source.declared[logicalId] ?? {};
  return {
    functionKey,
    functionDefinition,
    kind,
    origin: 'event',
    logicalId,
    properties: { ...compiled(kind, event), ...extension },
    nameOf: (property) => (property in extension ? property : (eventNames[property] ?? property)),
  };
}

const eventNames: Record<string, string> = {
  BatchSize: 'batchSize',
  MaximumBatchingWindowInSeconds: 'maximumBatchingWindow',
  Enabled: 'enabled',
  StartingPosition: 'startingPosition',
  StartingPositionTimestamp: 'startingPositionTimestamp',
  ConsumerGroupId: 'consumerGroupId',
  FilterCriteria: 'filterPatterns',
  DestinationConfig: 'onFailureDestination',
  ProvisionedPollerConfig: 'provisionedPollerConfig',
  Topics: 'topic',
  KafkaBootstrapServers: 'bootstrapServers',
};

/**
 * Compiles an event as osls 4 does, including that it drops `maximumBatchingWindow: 0`:
 * https://github.com/oss-serverless/serverless/blob/main/lib/plugins/aws/package/compile/events/kafka.js
 */
function compiled(kind: 'kafka' | 'msk', event: Event): Record<string, unknown> {
  const groupConfig = event.consumerGroupId ? { ConsumerGroupId: event.consumerGroupId } : undefined;
  return withoutUndefined({
    Topics: [event.topic],
    BatchSize: event.batchSize,
    MaximumBatchingWindowInSeconds:
      event.maximumBatchingWindow === 0 ? undefined : event.maximumBatchingWindow,
    Enabled: event.enabled,
    StartingPosition: event.startingPosition ?? 'TRIM_HORIZON',
    StartingPositionTimestamp: event.startingPositionTimestamp,
    FilterCriteria: event.filterPatterns && { Filters: patternsOf(event.filterPatterns) },
    DestinationConfig: event.onFailureDestination && {
      OnFailure: { Destination: event.onFailureDestination },
    },
    ProvisionedPollerConfig: event.provisionedPollerConfig,
    ...(kind === 'kafka'
      ? {
          SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: asList(event.bootstrapServers) } },
          SelfManagedKafkaEventSourceConfig: groupConfig,
        }
      : { EventSourceArn: event.arn, AmazonManagedKafkaEventSourceConfig: groupConfig }),
  });
}

function patternsOf(patterns: unknown): { Pattern: string }[] {
  return asList(patterns).map((pattern) => ({ Pattern: JSON.stringify(pattern) }));
}

/** The name of an MSK cluster as the framework derives it from the ARN or import. */
export function clusterName(arn: unknown): string {
  if (!isObject(arn)) return String(arn).split('/')[1] ?? String(arn);
  const name = arn['Fn::ImportValue'] ?? arn.Ref;
  return typeof name === 'string' ? name : JSON.stringify(arn);
}

/**
 * Properties in `resources.Resources` and `resources.extensions` by logical id: the framework merges both
 * over those from events.
 */
export function declaredProperties(resources: Service['resources']): Record<string, Record<string, unknown>> {
  const parts = asList<Resources>(resources);
  const declared: Record<string, Record<string, unknown>> = {};
  for (const section of ['Resources', 'extensions'] as const) {
    for (const [logicalId, { Properties }] of parts.flatMap((part) => Object.entries(part[section] ?? {}))) {
      declared[logicalId] = { ...declared[logicalId], ...Properties };
    }
  }
  return declared;
}
