import { EventSourceMappingError, messageOf } from '../errors.ts';

/** Schema formats, as AWS names them in an event. */
export type DataFormat = 'AVRO' | 'PROTOBUF' | 'JSON';

/** A schema with all schemas that it refers to, directly or not. */
export interface RegisteredSchema {
  readonly dataFormat: DataFormat;
  readonly text: string;
  readonly references: readonly ReferencedSchema[];
}

export interface ReferencedSchema {
  /** As written in the referring schema: an Avro type, a Protobuf import, or a JSON Schema URI. */
  readonly name: string;
  readonly text: string;
}

/** The REST API's response for a schema. */
interface SchemaResponse {
  /** Left out for Avro. */
  readonly schemaType?: DataFormat;
  readonly schema: string;
  readonly references?: readonly { name: string; subject: string; version: number }[];
}

const requestTimeoutMs = 5000;

/** How Confluent's registry reports an unknown subject, version or schema. */
const notFoundCodes = new Set([40401, 40402, 40403]);

/**
 * Reads schemas with the REST protocol of Confluent's schema registry, which Karapace, Redpanda and Apicurio
 * also speak.
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export class RegistryClient {
  readonly #url: URL;
  readonly #headers: Record<string, string>;

  /** @param uri may carry `user:password@` for basic authentication */
  constructor(uri: string) {
    const url = new URL(uri.endsWith('/') ? uri : `${uri}/`);
    const credentials = [url.username, url.password].map(decodeURIComponent).join(':');
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    url.username = '';
    url.password = '';
    this.#url = url;
    this.#headers = {
      accept: 'application/vnd.schemaregistry.v1+json, application/json',
      ...(credentials === ':' ? {} : { authorization }),
    };
  }

  /**
   * @returns undefined when the registry has no schema with this id
   * @throws EventSourceMappingError `SCHEMA_REGISTRY_UNAVAILABLE` when it does not respond, or not like a
   *   registry
   */
  async schema(id: number): Promise<RegisteredSchema | undefined> {
    const response = await this.#get(`schemas/ids/${id}`);
    if (!response) return undefined;
    const { schemaType: dataFormat = 'AVRO', schema: text } = response;
    return { dataFormat, text, references: await this.#references(response, new Map()) };
  }

  /** In order: each schema comes after those that it refers to. */
  async #references(
    { references = [] }: SchemaResponse,
    found: Map<string, ReferencedSchema>,
  ): Promise<ReferencedSchema[]> {
    for (const { name, subject, version } of references) {
      if (found.has(name)) continue;
      const response = await this.#get(`subjects/${encodeURIComponent(subject)}/versions/${version}`);
      if (!response)
        throw unavailable(`it has no version ${version} of "${subject}", which a schema refers to`);
      await this.#references(response, found);
      found.set(name, { name, text: response.schema });
    }
    return [...found.values()];
  }

  async #get(path: string): Promise<SchemaResponse | undefined> {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    try {
      const response = await fetch(new URL(path, this.#url), { headers: this.#headers, signal });
      const body = (await response.json().catch(() => undefined)) as Record<string, unknown> | undefined;
      if (response.ok && typeof body?.schema === 'string') return body as unknown as SchemaResponse;
      if (notFoundCodes.has(Number(body?.error_code))) return undefined;
      throw unavailable(describe(response, body));
    } catch (error) {
      throw error instanceof EventSourceMappingError ? error : unavailable(reasonOf(error), error);
    }
  }
}

function describe({ status, ok, url }: Response, body: Record<string, unknown> | undefined): string {
  if (status === 401 || status === 403) {
    return `it answers ${status} to ${url}: set user and password in custom.kafkaEventSourceMapping.schemaRegistryUri`;
  }
  if (ok || !body) return `it answers ${status} to ${url}, not like a schema registry`;
  return `it answers ${status} to ${url}: ${String(body.message)}`;
}

/** `fetch` hides the reason in its error's cause, and with several addresses in a list of errors. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { errors = [cause] } = cause as { errors?: unknown[] };
  return messageOf(errors[0]);
}

function unavailable(reason: string, cause?: unknown): EventSourceMappingError {
  return new EventSourceMappingError('SCHEMA_REGISTRY_UNAVAILABLE', reason, { cause });
}
