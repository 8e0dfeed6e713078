import type { FilterCriteria } from '../filter/filter-criteria.ts';

/** One event source mapping: one function reading one topic, as AWS would run it. */
export interface MappingDefinition {
  readonly functionKey: string;
  /** The deployed name, which the Invoke API takes. */
  readonly functionName: string;
  readonly functionTimeoutMs: number;
  readonly topic: string;
  readonly eventSource: EventSource;
  /** Brokers as declared; `msk` events declare none. */
  readonly bootstrapServers: readonly string[];
  readonly groupId: string;
  readonly enabled: boolean;
  readonly startingPosition: StartingPosition;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Before filtering, keys or values are decoded with this registry's schemas. */
  readonly schemaRegistry: SchemaRegistryConfig | undefined;
  readonly filterCriteria: FilterCriteria;
  readonly retryPolicy: RetryPolicy;
  /** `kafka://<topic>` or the ARN of a queue, topic or bucket. */
  readonly failureDestination: string | undefined;
  /** Properties in use that AWS honours in provisioned mode only, if that mode is not configured. */
  readonly provisionedOnly: readonly string[];
  /** Properties of an extension that this plugin does not know. */
  readonly unknownProperties: readonly string[];
}

export type EventSource =
  { readonly type: 'SelfManagedKafka' } | { readonly type: 'aws:kafka'; readonly arn: string };

export type StartingPosition =
  | { readonly type: 'LATEST' | 'TRIM_HORIZON' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number };

export interface SchemaRegistryConfig {
  /** As declared; undefined for an intrinsic function, which only a deployment resolves. */
  readonly uri: string | undefined;
  /** How AWS authenticates with it, by secrets that are not read here. */
  readonly accessTypes: readonly string[];
  /** What the function gets: JSON, or the bytes behind the schema's id. */
  readonly recordFormat: 'JSON' | 'SOURCE';
  /** What is decoded. */
  readonly attributes: readonly ('KEY' | 'VALUE')[];
}

export interface RetryPolicy {
  /** Retries after the first call; `Infinity` for endless. */
  readonly maximumRetryAttempts: number;
  /** Older records are not sent to the function; `Infinity` for no limit. */
  readonly maximumRecordAgeMs: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
}
