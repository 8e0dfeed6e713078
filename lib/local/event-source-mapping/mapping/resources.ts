import type { FunctionDefinition, Naming, Resource, Resources, Service } from '../host/serverless.ts';
import { declaredProperties, functionsOf, type MappingProperties } from './properties.ts';
import { asList, isObject } from './values.ts';

/** The mappings that a service declares as plain resources. */
export interface ResourceMappings {
  readonly mappings: readonly MappingProperties[];
  /** Logical ids of mappings for functions of other services. */
  readonly foreign: readonly string[];
}

/**
 * Reads the `AWS::Lambda::EventSourceMapping` resources whose source is Kafka.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
 */
export function readResourceMappings(service: Service, stage: string, naming: Naming): ResourceMappings {
  const declared = declaredProperties(service.resources);
  const found = kafkaResources(service.resources).map((logicalId) => {
    const properties = withRequired(declared[logicalId] ?? {});
    return { logicalId, properties, target: functionNamed(properties, { service, stage, naming }) };
  });
  return {
    mappings: found.flatMap(({ logicalId, properties, target }) =>
      target ? [toMapping(logicalId, properties, target)] : [],
    ),
    foreign: found.filter(({ target }) => !target).map(({ logicalId }) => logicalId),
  };
}

/** The framework ensures that an event has both of these; a resource without one is refused. */
function withRequired(properties: Record<string, unknown>): Record<string, unknown> {
  const { Topics = null, StartingPosition = null } = properties;
  return { ...properties, Topics, StartingPosition };
}

/**
 * Their logical ids. A resource without a function only extends one that the framework creates from an event.
 */
function kafkaResources(resources: Service['resources']): string[] {
  return asList<Resources>(resources)
    .flatMap((part) => Object.entries(part.Resources ?? {}))
    .filter(([, { Type, Properties }]) => Type === 'AWS::Lambda::EventSourceMapping' && isKafka(Properties))
    .map(([logicalId]) => logicalId);
}

/** Other sources, such as queues and streams, have none of these. */
function isKafka(properties: Resource['Properties'] = {}): boolean {
  const ofKafka = ['Topics', 'SelfManagedEventSource', 'AmazonManagedKafkaEventSourceConfig'];
  return 'FunctionName' in properties && ofKafka.some((property) => property in properties);
}

type NamedFunction = [functionKey: string, definition: FunctionDefinition];

function toMapping(
  logicalId: string,
  properties: Record<string, unknown>,
  [functionKey, functionDefinition]: NamedFunction,
): MappingProperties {
  return {
    functionKey,
    functionDefinition,
    kind: 'EventSourceArn' in properties ? 'msk' : 'kafka',
    origin: 'resource',
    logicalId,
    properties,
    nameOf: (property) => property,
  };
}

/** The function that `FunctionName` identifies, by a reference to its resource, by name, or by ARN. */
function functionNamed(
  { FunctionName: reference }: Record<string, unknown>,
  { service, stage, naming }: { service: Service; stage: string; naming: Naming },
): NamedFunction | undefined {
  const words = textsIn(reference)
    .join(':')
    .split(/[^a-zA-Z0-9_-]+/);
  const name = words[words.indexOf('function') + 1];
  return functionsOf(service).find(
    ([key, definition]) =>
      words.includes(naming.getLambdaLogicalId(key)) ||
      name === (definition.name ?? `${service.service}-${stage}-${key}`),
  );
}

/** All strings in an intrinsic function such as `Fn::GetAtt`, `Fn::Sub` or `Fn::Join`, in order. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
