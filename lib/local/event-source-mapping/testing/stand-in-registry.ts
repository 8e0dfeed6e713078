import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A registered schema and its id. */
export interface StoredSchema {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  /** Left out for Avro, as the real registry does. */
  readonly schemaType?: string;
  readonly schema: string;
  readonly references?: readonly { name: string; subject: string; version: number }[];
}

type Registration = Pick<StoredSchema, 'schemaType' | 'schema' | 'references'>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * An in-memory schema registry with the part of Confluent's REST protocol that serializers and deserializers
 * use. https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export class StandInRegistry {
  readonly schemas: StoredSchema[] = [];
  /** Method and path of every request so far. */
  readonly requests: string[] = [];
  /** The required `user:password`, if any. */
  credentials: string | undefined;
  /** Answers every request with 500 while set. */
  isBroken = false;
  #server: Server | undefined;

  constructor(schemas: readonly StoredSchema[] = []) {
    this.schemas.push(...schemas);
  }

  get url(): string {
    const { port } = this.#server?.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async start(port = 0): Promise<void> {
    const server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
        response.end(JSON.stringify(body));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method, url = '' } = request;
    const { pathname } = new URL(url, 'http://schemas');
    this.requests.push(`${method ?? ''} ${pathname}`);
    if (this.isBroken) return failure(500, 50001, 'Error in the backend data store');
    if (!this.#isAllowed(request)) return failure(401, 40101, 'Unauthorized');
    return this.#route(pathname.split('/').slice(1).map(decodeURIComponent), await text(request));
  }

  /** `schemas/ids/<id>` or `subjects/<subject>/versions/<version>`. */
  #route([collection, name = '', last = '', version = '']: string[], body: string): Answer {
    if (collection === 'schemas') return this.#byId(Number(last));
    if (collection === 'subjects' && body !== '') {
      return this.#register(name, JSON.parse(body) as Registration);
    }
    if (collection === 'subjects') return this.#byVersion(name, version);
    return failure(404, 404, 'HTTP 404 Not Found');
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    if (this.credentials === undefined) return true;
    return headers.authorization === `Basic ${Buffer.from(this.credentials).toString('base64')}`;
  }

  #byId(id: number): Answer {
    const stored = this.schemas.find((schema) => schema.id === id);
    if (!stored) return failure(404, 40403, `Schema ${id} not found`);
    const { schemaType, schema, references } = stored;
    return { status: 200, body: { schemaType, schema, references } };
  }

  #byVersion(subject: string, version: string): Answer {
    const versions = this.schemas.filter((schema) => schema.subject === subject);
    const stored =
      version === 'latest' ? versions.at(-1) : versions.find((one) => one.version === Number(version));
    if (versions.length === 0) return failure(404, 40401, `Subject '${subject}' not found.`);
    return stored ? { status: 200, body: stored } : failure(404, 40402, `Version ${version} not found.`);
  }

  /** The same schema always gets the same id. */
  #register(subject: string, { schemaType, schema, references }: Registration): Answer {
    const versions = this.schemas.filter((stored) => stored.subject === subject);
    const known = versions.find((stored) => stored.schema === schema);
    const stored = known ?? {
      id: Math.max(0, ...this.schemas.map(({ id }) => id)) + 1,
      subject,
      version: versions.length + 1,
      ...(schemaType === undefined || schemaType === 'AVRO' ? {} : { schemaType }),
      schema,
      ...(references?.length ? { references } : {}),
    };
    if (!known) this.schemas.push(stored);
    return { status: 200, body: stored };
  }
}

function failure(status: number, code: number, message: string): Answer {
  return { status, body: { error_code: code, message } };
}
