import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The part of a hapi request that is used here. https://hapi.dev/api#request-properties */
export interface HapiRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly payload: unknown;
  readonly raw: { readonly req: { readonly url?: string; rawHeaders: string[] } };
  readonly response: unknown;
  /** The media type of the body, as hapi has read it. */
  mime: string | null;
}

/** The part of a hapi response that is used here. https://hapi.dev/api#response-object */
export interface HapiResponse {
  code(status: number): HapiResponse;
  type(mediaType: string): HapiResponse;
  header(name: string, value: string): HapiResponse;
  takeover(): HapiResponse;
}

/** https://hapi.dev/api#response-toolkit */
export interface HapiToolkit {
  readonly continue: symbol;
  response(body: object): HapiResponse;
}

/** A function that hapi calls at a point in a request's lifecycle. https://hapi.dev/api#request-lifecycle */
export type HapiExtension = (request: HapiRequest, toolkit: HapiToolkit) => HapiResponse | symbol;

/** The part of a hapi server that is used here. https://hapi.dev/api#server */
export interface HapiServer {
  readonly settings: { readonly port: number };
  ext(point: 'onRequest' | 'onPreHandler' | 'onPreResponse', extension: HapiExtension): void;
  start: (this: HapiServer) => Promise<void>;
}

/** One call of a function, as serverless-offline prepares and runs it. */
export interface HostedInvocation {
  setEvent(event: unknown): void;
  setClientContext(clientContext: unknown): void;
  runHandler(): Promise<unknown>;
}

/** serverless-offline's functions, from which each of its event sources takes a container for a call. */
export interface HostedFunctions {
  get: (this: HostedFunctions, functionKey: string) => HostedInvocation;
  /** Ends all containers; called at the end, and when the code is reloaded. */
  cleanup: (this: HostedFunctions) => Promise<unknown>;
}

/** serverless-offline's log: `notice` is always shown, `info` with `--verbose`. */
export interface HostLog {
  notice(...texts: unknown[]): void;
  info(...texts: unknown[]): void;
}

/** Prints all routes in a frame. */
export interface RouteTable {
  writeRoutesTerminal(): void;
}

const entry = createRequire(import.meta.url).resolve('serverless-offline');

/**
 * The prototype of the servers that serverless-offline creates; found through it, since it must be the same
 * hapi instance.
 */
export function hapiServerPrototype(): HapiServer {
  const hapi = createRequire(entry)('@hapi/hapi') as { server: () => HapiServer };
  return Object.getPrototypeOf(hapi.server()) as HapiServer;
}

/** The prototype of serverless-offline's functions. */
export async function hostedFunctionsPrototype(): Promise<HostedFunctions> {
  const module = (await import(moduleOfHost('lambda/index.js'))) as {
    default: { prototype: HostedFunctions };
  };
  return module.default.prototype;
}

/** What serverless-offline logs with. */
export async function hostLog(): Promise<HostLog> {
  const module = (await import(moduleOfHost('utils/log.js'))) as { log: HostLog };
  return module.log;
}

/** The prototype of what prints serverless-offline's table of routes. */
export async function routeTablePrototype(): Promise<RouteTable> {
  const address = moduleOfHost('events/http/HttpServer.js');
  const module = (await import(address)) as { default: { prototype: RouteTable } };
  return module.default.prototype;
}

/**
 * The URL under which serverless-offline itself loads a module, so that both share it; it exports few of
 * them.
 */
function moduleOfHost(path: string): string {
  return pathToFileURL(join(dirname(entry), path)).href;
}
