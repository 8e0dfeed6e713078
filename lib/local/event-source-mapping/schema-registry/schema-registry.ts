import { messageOf } from '../errors.ts';
import { createAvroDecoder } from './avro.ts';
import type { ToJson } from './decoder.ts';
import { createJsonSchemaDecoder } from './json-schema.ts';
import { createProtobufDecoder } from './protobuf.ts';
import { RegistryClient, type DataFormat, type RegisteredSchema } from './registry-client.ts';

/** The state of a schema id: its decoder, the reason there is none, or that the registry lacks it. */
export type KnownSchema =
  | { readonly type: 'readable'; readonly dataFormat: DataFormat; readonly toJson: ToJson }
  | { readonly type: 'unreadable'; readonly reason: string }
  | { readonly type: 'unknown' };

/** Each library is loaded with the first schema of its format. */
const decoders: Record<DataFormat, (schema: RegisteredSchema) => Promise<ToJson>> = {
  AVRO: createAvroDecoder,
  PROTOBUF: createProtobufDecoder,
  JSON: createJsonSchemaDecoder,
};

/** How long to wait before asking again for an id that the registry does not have. */
const unknownForMs = 10_000;

/** The schemas of a registry. Schemas never change, so each is fetched once. */
export class SchemaRegistry {
  readonly #client: RegistryClient;
  readonly #known = new Map<number, KnownSchema>();
  readonly #loading = new Map<number, Promise<void>>();

  constructor(uri: string) {
    this.#client = new RegistryClient(uri);
  }

  /** The schema with this id, once loaded. */
  find(id: number): KnownSchema | undefined {
    return this.#known.get(id);
  }

  /**
   * Loads the schema with this id, so that `find` returns it or its absence.
   * @throws EventSourceMappingError `SCHEMA_REGISTRY_UNAVAILABLE`
   */
  async load(id: number): Promise<void> {
    if (this.#known.has(id)) return;
    const loading = this.#loading.get(id) ?? this.#load(id).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    await loading;
  }

  async #load(id: number): Promise<void> {
    const schema = await this.#client.schema(id);
    this.#known.set(id, schema ? await readable(schema) : { type: 'unknown' });
    if (!schema) setTimeout(() => this.#known.delete(id), unknownForMs).unref();
  }
}

async function readable(schema: RegisteredSchema): Promise<KnownSchema> {
  const { dataFormat } = schema;
  try {
    if (!(dataFormat in decoders)) throw new Error(`its type is ${dataFormat}`);
    return { type: 'readable', dataFormat, toJson: await decoders[dataFormat](schema) };
  } catch (error) {
    return { type: 'unreadable', reason: messageOf(error) };
  }
}
