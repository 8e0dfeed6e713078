import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runToEnd } from '../../lib/local/stack/child-process.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

/** The part of the example's serverless.yml that is used here. */
interface MinimalService {
  readonly functions: Record<string, object>;
  readonly custom: { readonly greetings: object };
}

/** The framework that a service is installed with, as npm version ranges. */
export interface Framework {
  readonly name: string;
  readonly serverless: string;
  readonly offline: string;
}

/** A separately installed Node.js. */
export interface Node {
  readonly version: string;
  readonly program: string;
}

const packageName = 'serverless-offline-kafka-triggers';

/** Creates the tarball that would be published, and returns its path. */
export async function packTriggers(folder: string): Promise<string> {
  const source = join(projectDirectory, 'lib/local/event-source-mapping');
  const { stdout } = await runToEnd('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source });
  // A script of the package may print before npm does.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  return join(folder, packed?.filename ?? '');
}

/** The newest Node.js of a major version, from the npm package `node`. */
export async function installNode(folder: string, version: string): Promise<Node> {
  const home = join(folder, `node-${version}`);
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{}');
  await install(home, [`node@${version}`]);
  const program = join(home, 'node_modules/node/bin/node');
  const { stdout } = await runToEnd(program, ['--version']);
  return { version: stdout.trim().slice(1), program };
}

/** Installs the package's own example in a folder outside the checkout, with more functions. */
export async function installService(folder: string, framework: Framework, tarball: string): Promise<string> {
  const service = emptyProject(folder, framework);
  const aliased = [`serverless@${framework.serverless}`, `serverless-offline@${framework.offline}`, tarball];
  await install(service, aliased);
  cpSync(join(service, 'node_modules', packageName, 'examples/minimal'), service, { recursive: true });
  const file = join(service, 'serverless.yml');
  writeFileSync(file, stringify(withMoreFunctions(parse(readFileSync(file, 'utf8')) as MinimalService)));
  for (const handler of ['fail-once.mjs', 'partitions.mjs']) {
    cpSync(join(import.meta.dirname, handler), join(service, handler));
  }
  return service;
}

/** Adds a function that fails at first, two that use a schema registry, and one that shows partitions. */
function withMoreFunctions({ functions, custom, ...service }: MinimalService): object {
  const failOnce = { handler: 'fail-once.handler', events: [{ kafka: '${self:custom.greetings}' }] };
  const events = [{ kafka: '${self:custom.orders}' }];
  const inNode = { handler: 'module.handler', events };
  const inPython = { handler: 'greet.handler', runtime: 'python3.13', events };
  const partitions = { handler: 'partitions.handler', events };
  const decoding = { Properties: decodingProperties };
  return {
    ...service,
    functions: { ...functions, failOnce, inNode, inPython, partitions },
    custom: { ...custom, orders: { ...custom.greetings, topic: 'orders', maximumBatchingWindow: 2 } },
    resources: {
      extensions: {
        InNodeEventSourceMappingKafkaOrders: decoding,
        InPythonEventSourceMappingKafkaOrders: decoding,
      },
    },
  };
}

const decodingProperties = {
  ProvisionedPollerConfig: { MinimumPollers: 1 },
  SelfManagedKafkaEventSourceConfig: {
    SchemaRegistryConfig: {
      SchemaRegistryURI: '${env:SCHEMA_REGISTRY}',
      EventRecordFormat: 'JSON',
      SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
    },
  },
};

function emptyProject(folder: string, { serverless }: Framework): string {
  const service = join(folder, serverless.replaceAll(/[^\w.]/g, '-'));
  mkdirSync(service);
  writeFileSync(join(service, 'package.json'), '{ "private": true }');
  return service;
}

async function install(cwd: string, packages: readonly string[]): Promise<void> {
  await runToEnd('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], { cwd });
}
