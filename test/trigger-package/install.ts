import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runToEnd } from '../../lib/local/stack/child-process.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

/** The framework that a service is installed with, as npm takes it. */
export interface Framework {
  readonly name: string;
  readonly serverless: string;
  readonly offline: string;
}

/** A Node.js of its own. */
export interface Node {
  readonly version: string;
  readonly program: string;
}

const packageName = 'serverless-offline-kafka-triggers';

/** Makes the tarball that would be published, and gives its path. */
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

/** The package's own example in a folder outside the checkout, with one more function that fails at first. */
export async function installService(folder: string, framework: Framework, tarball: string): Promise<string> {
  const service = emptyProject(folder, framework);
  const aliased = [`serverless@${framework.serverless}`, `serverless-offline@${framework.offline}`, tarball];
  await install(service, aliased);
  cpSync(join(service, 'node_modules', packageName, 'examples/minimal'), service, { recursive: true });
  const file = join(service, 'serverless.yml');
  const definition = parse(readFileSync(file, 'utf8')) as { functions: Record<string, object> };
  const failOnce = { handler: 'fail-once.handler', events: [{ kafka: '${self:custom.greetings}' }] };
  writeFileSync(file, stringify({ ...definition, functions: { ...definition.functions, failOnce } }));
  cpSync(join(import.meta.dirname, 'fail-once.mjs'), join(service, 'fail-once.mjs'));
  return service;
}

function emptyProject(folder: string, { serverless }: Framework): string {
  const service = join(folder, serverless.replaceAll(/[^\w.]/g, '-'));
  mkdirSync(service);
  writeFileSync(join(service, 'package.json'), '{ "private": true }');
  return service;
}

async function install(cwd: string, packages: readonly string[]): Promise<void> {
  await runToEnd('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], { cwd });
}
