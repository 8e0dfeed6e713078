import {
  serializeRecord,
  type FetchedMessage,
  type RecordContent,
  type SerializedRecord,
} from '../delivery/lambda-event.ts';
import { pause } from '../delivery/pause.ts';
import { messageOf } from '../errors.ts';
import { matchesFilterCriteria } from '../filter/filter-criteria.ts';
import type { MappingDefinition, SchemaRegistryConfig } from '../mapping/definition.ts';
import {
  decode,
  isUndecodable,
  schemaIdOf,
  type Decoded,
  type Undecodable,
} from '../schema-registry/decode.ts';
import type { SchemaRegistry } from '../schema-registry/schema-registry.ts';
import type { SchemaMetadata } from '../worker/packed-event.js';
import type { RecordReader } from './record-reader.ts';

const retryIntervalMs = 1000;

export interface DecodingOptions {
  readonly definition: MappingDefinition;
  readonly config: SchemaRegistryConfig;
  readonly registry: SchemaRegistry;
  /** Reports that the registry cannot be read, and why. */
  readonly problem: (message: string) => void;
}

/** The decoded parts of a record; null has no schema. */
interface DecodedParts {
  readonly key: Decoded | undefined;
  readonly value: Decoded | undefined;
}

/**
 * Decodes keys or values with the schemas of a registry, then filters. A record that cannot be decoded is
 * neither filtered nor changed but marked, and given up when its batch is delivered.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
 */
export class DecodingRecordReader implements RecordReader {
  readonly #options: DecodingOptions;
  readonly #decodesKeys: boolean;
  readonly #decodesValues: boolean;
  #lastProblem = '';

  constructor(options: DecodingOptions) {
    this.#options = options;
    this.#decodesKeys = options.config.attributes.includes('KEY');
    this.#decodesValues = options.config.attributes.includes('VALUE');
  }

  isReadyFor(messages: readonly FetchedMessage[]): boolean {
    return this.#missingIds(messages).size === 0;
  }

  async prepareFor(messages: readonly FetchedMessage[], stopping: AbortSignal): Promise<void> {
    await Promise.all([...this.#missingIds(messages)].map((id) => this.#load(id, stopping)));
  }

  read(partition: number, messages: readonly FetchedMessage[]): SerializedRecord[] {
    return messages.flatMap((message) => this.#readOne(partition, message) ?? []);
  }

  #missingIds(messages: readonly FetchedMessage[]): Set<number> {
    const ids = new Set<number | undefined>();
    for (const { key, value } of messages) {
      if (this.#decodesKeys) ids.add(schemaIdOf(key));
      if (this.#decodesValues) ids.add(schemaIdOf(value));
    }
    return new Set([...ids].filter((id) => id !== undefined && !this.#options.registry.find(id)) as number[]);
  }

  /** An unreachable registry says nothing about the records, so they wait. */
  async #load(id: number, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        await this.#options.registry.load(id);
        this.#lastProblem = '';
        return;
      } catch (error) {
        this.#waiting(`the schema registry cannot be read, retrying: ${messageOf(error)}`);
        await pause(retryIntervalMs, stopping);
      }
    }
  }

  /** Reports each problem once. */
  #waiting(problem: string): void {
    if (problem !== this.#lastProblem) this.#options.problem(problem);
    this.#lastProblem = problem;
  }

  #readOne(partition: number, message: FetchedMessage): SerializedRecord | undefined {
    const { topic, filterCriteria } = this.#options.definition;
    const decoded = this.#decode(message);
    if (isUndecodable(decoded)) {
      return { ...serializeRecord(topic, partition, message), undecodable: decoded };
    }
    const { key, value } = decoded;
    if (!matchesFilterCriteria(filterCriteria, value?.json ?? message.value)) return undefined;
    const content = { ...this.#keyContent(message, key), ...this.#valueContent(message, value) };
    return { ...serializeRecord(topic, partition, message, content), sourceKey: message.key };
  }

  #decode(message: FetchedMessage): DecodedParts | Undecodable {
    const { registry } = this.#options;
    const key = this.#decodesKeys && message.key ? decode(registry, message.key, 'key') : undefined;
    if (isUndecodable(key)) return key;
    const value = this.#decodesValues && message.value ? decode(registry, message.value, 'value') : undefined;
    return isUndecodable(value) ? value : { key, value };
  }

  #keyContent(message: FetchedMessage, key: Decoded | undefined): Pick<RecordContent, 'key' | 'keySchema'> {
    return key ? { key: this.#delivered(key), keySchema: metadataOf(key) } : { key: message.key };
  }

  #valueContent(
    message: FetchedMessage,
    value: Decoded | undefined,
  ): Pick<RecordContent, 'value' | 'valueSchema'> {
    return value
      ? { value: this.#delivered(value), valueSchema: metadataOf(value) }
      : { value: message.value };
  }

  #delivered({ json, payload }: Decoded): Buffer {
    return this.#options.config.recordFormat === 'JSON' ? json : payload;
  }
}

function metadataOf({ dataFormat, schemaId }: Decoded): SchemaMetadata {
  return { dataFormat, schemaId: String(schemaId) };
}
