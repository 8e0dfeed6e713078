import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A route of the HTTP API. */
export interface MappedRoute {
  readonly functionKey: string;
  /** The folder of the function, under functions/. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
  /** Any one of them lets a caller in; none for an open route. */
  readonly scopes: readonly string[];
}

/** A Kafka trigger. */
export interface MappedTrigger {
  readonly functionKey: string;
  readonly topic: string;
  /** With `{stage}` in place of the stage. */
  readonly consumerGroup: string;
}

/** serverless.yml, as far as its contracts go. */
export interface ServiceMap {
  readonly routes: readonly MappedRoute[];
  readonly triggers: readonly MappedTrigger[];
}

interface HttpEvent {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: { readonly scopes?: readonly string[] };
}

interface FunctionEvent {
  readonly httpApi?: string | HttpEvent;
  readonly kafka?: { readonly topic: string; readonly consumerGroupId: string };
}

interface MappedFunction {
  readonly handler: string;
  readonly events?: readonly FunctionEvent[];
}

interface Service {
  readonly functions: Readonly<Record<string, MappedFunction>>;
}

const root = join(import.meta.dirname, '..');
const stage = 'contracts';

/**
 * Reads serverless.yml with all its variables resolved, as the framework does.
 * @throws what the framework says
 */
export async function readServiceMap(): Promise<ServiceMap> {
  const { functions } = JSON.parse(await printedService()) as Service;
  const events = Object.entries(functions).flatMap(([functionKey, { handler, events = [] }]) =>
    events.map((event) => ({ functionKey, service: handler.split('/')[1] ?? '', ...event })),
  );
  return {
    routes: events.flatMap(({ functionKey, service, httpApi }) =>
      httpApi ? routesOf(httpApi).map((route) => ({ functionKey, service, ...route })) : [],
    ),
    triggers: events.flatMap(({ functionKey, kafka }) =>
      kafka ? [{ functionKey, topic: kafka.topic, consumerGroup: withoutStage(kafka.consumerGroupId) }] : [],
    ),
  };
}

async function printedService(): Promise<string> {
  const serverless = join(root, 'node_modules', '.bin', 'serverless');
  const issuer = ['--param', 'authIssuer=https://issuer.example', '--param', 'authAudience=openorder'];
  const options = ['--stage', stage, '--format', 'json', ...issuer];
  const { stdout } = await promisify(execFile)(serverless, ['print', ...options], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, OPENORDER_DATA_DIR: mkdtempSync(join(tmpdir(), 'contracts-')) },
  });
  return stdout.slice(stdout.indexOf('{'));
}

function routesOf(event: string | HttpEvent): Omit<MappedRoute, 'functionKey' | 'service'>[] {
  const { method, path, authorizer } = typeof event === 'string' ? parsedRoute(event) : event;
  if (!path.startsWith('/api/')) return []; // pages of the console, and the answer to every other path
  return [{ method: method.toLowerCase(), path, scopes: authorizer?.scopes ?? [] }];
}

function parsedRoute(event: string): HttpEvent {
  const [method = '*', path = '*'] = event.split(' ');
  return { method, path };
}

function withoutStage(consumerGroup: string): string {
  return consumerGroup.replace(`-${stage}-`, '-{stage}-');
}
