// npm run test:deploy: deploys the production stage to a stand-in for AWS on this machine, deploys a change,
// and removes it; after each step the stand-in is asked what exists. Needs Python 3.10 or newer.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { parameterOptions, stageParameters } from '../support/stage-parameters.ts';
import { type Deployed, readDeployed } from './deployed.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

const run = promisify(execFile);
const stack = 'openorder-production';

async function main(): Promise<void> {
  const standIn = await startStandIn();
  try {
    await deploy(standIn);
    await deployChange(standIn);
    await remove(standIn);
  } finally {
    await standIn.stop();
  }
}

async function deploy(standIn: StandIn): Promise<void> {
  await step(standIn, 'deploy', stageParameters);
  const deployed = await readDeployed(standIn.environment, stack);
  const template = packagedTemplate();
  const types = Object.values(template).map(({ Type }) => Type);
  assert.deepEqual(
    [...deployed.resources].toSorted(),
    [...Map.groupBy(types, String)].map(([type, { length }]) => [type, length]).toSorted(),
  );
  for (const { FunctionName, Role } of deployed.functions) {
    assert.match(
      Role ?? '',
      /:role\/.*(Order|Inventory|Notification|DeadLetter|Migration|Console|Public)Role/,
      FunctionName,
    );
  }
  assert.equal(
    deployed.mappings.length,
    types.filter((type) => type === 'AWS::Lambda::EventSourceMapping').length,
  );
  describe(deployed);
}

/** Another sender of mails and a larger database: one function's setting, and many functions' concurrency. */
async function deployChange(standIn: StandIn): Promise<void> {
  const before = await readDeployed(standIn.environment, stack);
  const mailFrom = 'Shop <hello@shop.example>';
  await step(standIn, 'deploy', { ...stageParameters, mailFrom, databaseConnections: '200' });
  const after = await readDeployed(standIn.environment, stack);
  assert.equal(settingsOf(after, 'notify')['MAIL_FROM'], mailFrom);
  assert.deepEqual(settingsOf(after, 'createOrder'), settingsOf(before, 'createOrder'));
  assert.equal(after.functions.length, before.functions.length);
  assert.equal(after.mappings.length, before.mappings.length);
  describe(after);
}

async function remove(standIn: StandIn): Promise<void> {
  await step(standIn, 'remove', stageParameters);
  const { functions, mappings, resources } = await readDeployed(standIn.environment, stack);
  assert.deepEqual([functions.length, mappings.length, resources.size], [0, 0, 0]);
  console.log('nothing is left');
}

/** Runs a command of the framework against the stand-in, and reports how long it took. */
async function step(
  { environment }: StandIn,
  command: 'deploy' | 'remove',
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const serverless = join(projectDirectory, 'node_modules', '.bin', 'serverless');
  const startedAt = performance.now();
  await run(serverless, [command, '--stage', 'production', ...parameterOptions(parameters)], {
    cwd: projectDirectory,
    env: { ...process.env, ...environment },
  });
  console.log(`${command}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

function packagedTemplate(): Readonly<Record<string, { readonly Type: string }>> {
  const file = join(projectDirectory, '.serverless', 'cloudformation-template-update-stack.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources: Record<string, { readonly Type: string }>;
  };
  return Resources;
}

function settingsOf({ functions }: Deployed, key: string): Readonly<Record<string, string>> {
  const found = functions.find(({ FunctionName }) => FunctionName === `${stack}-${key}`);
  return found?.Environment?.Variables ?? {};
}

function describe({ resources, functions, mappings }: Deployed): void {
  const total = [...resources.values()].reduce((sum, count) => sum + count, 0);
  const byType = [...resources].map(([type, count]) => `${count} ${type.replace('AWS::', '')}`).toSorted();
  console.log(`  ${total} resources, ${functions.length} functions and ${mappings.length} triggers answer`);
  console.log(`  ${byType.join(', ')}`);
}

try {
  await main();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
