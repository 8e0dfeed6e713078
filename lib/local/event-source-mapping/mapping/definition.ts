import type { FilterCriteria } from '../filter/filter-criteria.ts';

/** One event source mapping: one topic read for one function, as AWS would run it. */
export interface MappingDefinition {
  readonly functionKey: string;
  /** The deployed name, as the Invoke API expects it. */
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
  /** Keys or values are decoded with this registry's schemas before filtering. */
  readonly schemaRegistry: SchemaRegistryConfig | undefined;
  readonly filterCriteria: FilterCriteria;
  readonly retryPolicy: RetryPolicy;
  /** `kafka://<topic>` or the ARN of a queue, topic or bucket. */
  readonly failureDestination: string | undefined;
  /** Properties in use that AWS honours only in provisioned mode, when that mode is not configured. */
  readonly provisionedOnly: readonly string[];
  /** Properties of an extension that are unknown to this plugin. */
  readonly unknownProperties: readonly string[];
}

export type EventSource =
  { readonly type: 'SelfManagedKafka' } | { readonly type: 'aws:kafka'; readonly arn: string };

export type StartingPosition =
  | { readonly type: 'LATEST' | 'TRIM_HORIZON' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestampMs: number };

export interface SchemaRegistryConfig {
  /** As declared; undefined for an intrinsic function, which is resolved only at deployment. */
  readonly uri: string | undefined;
  /** How AWS authenticates to it, with secrets that are not read here. */
  readonly accessTypes: readonly string[];
  /** What the function receives: JSON, or the bytes after the schema id. */
  readonly recordFormat: 'JSON' | 'SOURCE';
  /** The parts that are decoded. */
  readonly attributes: readonly ('KEY' | 'VALUE')[];
}

export interface RetryPolicy {
  /** Retries after the first call; `Infinity` for no limit. */
  readonly maximumRetryAttempts: number;
  /** Older records are not sent to the function; `Infinity` for no limit. */
  readonly maximumRecordAgeMs: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
}
