import type { SchemaRegistryConfig } from './definition.ts';
import { isObject } from './values.ts';

type Properties = Record<string, unknown>;

interface Rule {
  readonly name: string;
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
}

const accessTypes = [
  'BASIC_AUTH',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'OAUTHBEARER_AUTH',
  'SERVER_ROOT_CA_CERTIFICATE',
];

/** https://docs.aws.amazon.com/lambda/latest/api/API_KafkaSchemaRegistryConfig.html */
const rules: readonly Rule[] = [
  {
    name: 'SchemaRegistryURI',
    allowed: "the http or https URL of a registry that speaks Confluent's protocol",
    accepts: (value) => isObject(value) || (typeof value === 'string' && (isHttpUrl(value) || isArn(value))),
  },
  {
    name: 'EventRecordFormat',
    allowed: 'JSON or SOURCE',
    accepts: (value) => value === 'JSON' || value === 'SOURCE',
  },
  {
    name: 'SchemaValidationConfigs',
    allowed: 'one or both of {Attribute: KEY} and {Attribute: VALUE}',
    accepts: (value) => isListOf(value, ({ Attribute }) => Attribute === 'KEY' || Attribute === 'VALUE'),
  },
  {
    name: 'AccessConfigs',
    allowed: `a list of {Type, URI}, each Type one of ${accessTypes.join(', ')}`,
    accepts: (value) =>
      value === undefined ||
      isListOf(value, ({ Type, URI }) => accessTypes.includes(String(Type)) && Boolean(URI)),
  },
];

/** A mapping's Kafka configuration; its property name depends on the event source. */
export function kafkaConfig(properties: Properties): Properties | undefined {
  const config =
    properties.SelfManagedKafkaEventSourceConfig ?? properties.AmazonManagedKafkaEventSourceConfig;
  return isObject(config) ? config : undefined;
}

/** The problems of a mapping's schema registry, one clause each. */
export function schemaRegistryProblems(properties: Properties): string[] {
  const config = kafkaConfig(properties)?.SchemaRegistryConfig;
  if (config === undefined) return [];
  if (!isObject(config)) return [`SchemaRegistryConfig is ${JSON.stringify(config)}, but must be an object`];
  const problems = rules.flatMap(({ name, allowed, accepts }) => {
    const value = config[name];
    return accepts(value) ? [] : [`SchemaRegistryConfig.${name} is ${shown(value)}, but must be ${allowed}`];
  });
  return [...problems, ...glueProblems(config), ...modeProblems(properties)];
}

function glueProblems({ SchemaRegistryURI: uri }: Properties): string[] {
  if (typeof uri !== 'string' || !isArn(uri)) return [];
  return [
    `SchemaRegistryConfig.SchemaRegistryURI is ${uri}, but records of an AWS Glue registry cannot be decoded on a ` +
      "laptop: use a registry that speaks Confluent's protocol, or leave SchemaRegistryConfig out of this stage",
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html */
function modeProblems({ ProvisionedPollerConfig: provisioned }: Properties): string[] {
  if (provisioned !== undefined) return [];
  return ['AWS supports SchemaRegistryConfig only in provisioned mode: add ProvisionedPollerConfig'];
}

/** Reads a valid `SchemaRegistryConfig`. */
export function readSchemaRegistry(properties: Properties): SchemaRegistryConfig | undefined {
  const config = kafkaConfig(properties)?.SchemaRegistryConfig;
  if (!isObject(config)) return undefined;
  const { SchemaRegistryURI: uri, EventRecordFormat, SchemaValidationConfigs, AccessConfigs = [] } = config;
  const validations = SchemaValidationConfigs as { Attribute: 'KEY' | 'VALUE' }[];
  const accesses = AccessConfigs as { Type: string }[];
  return {
    uri: typeof uri === 'string' ? uri : undefined,
    accessTypes: accesses.map(({ Type }) => Type),
    recordFormat: EventRecordFormat as SchemaRegistryConfig['recordFormat'],
    attributes: validations.map(({ Attribute }) => Attribute),
  };
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

function isArn(text: string): boolean {
  return text.startsWith('arn:');
}

function isListOf(value: unknown, accepts: (entry: Properties) => boolean): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((entry) => isObject(entry) && accepts(entry))
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
