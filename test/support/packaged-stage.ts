import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { parameterOptions, stageParameters } from './stage-parameters.ts';
import { waitFor } from './wait.ts';

const run = promisify(execFile);

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The output of `serverless package` for a stage. */
export interface PackagedStage {
  /** The folder of the bundles, each unpacked into a folder named after its function's key. */
  readonly output: string;
  readonly keys: readonly string[];
  /** The resources of the CloudFormation template by logical id. */
  readonly resources: Readonly<Record<string, Resource>>;
}

export interface FunctionProperties {
  readonly FunctionName: string;
  readonly Handler: string;
  readonly Timeout: number;
  readonly Role: { readonly 'Fn::GetAtt': readonly [role: string, attribute: 'Arn'] };
  readonly ReservedConcurrentExecutions?: number;
  /** Absent if the function reads no setting. */
  readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly VpcConfig: { readonly SecurityGroupIds: string[]; readonly SubnetIds: string[] };
}

export interface RouteProperties {
  readonly RouteKey: string;
  readonly AuthorizationType?: string;
  readonly AuthorizationScopes?: readonly string[];
  readonly Target: {
    readonly 'Fn::Join': [separator: string, parts: [path: string, integration: { readonly Ref: string }]];
  };
}

interface IntegrationProperties {
  readonly IntegrationUri: { readonly 'Fn::GetAtt': [logicalId: string, attribute: string] };
}

export interface MappingProperties {
  readonly FunctionName: { readonly 'Fn::GetAtt': [logicalId: string, attribute: string] };
  readonly Topics: [string];
  readonly Enabled: boolean;
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly SourceAccessConfigurations: { readonly Type: string; readonly URI: string }[];
  readonly SelfManagedEventSource: { readonly Endpoints: { readonly KafkaBootstrapServers: string[] } };
  readonly SelfManagedKafkaEventSourceConfig: { readonly ConsumerGroupId: string };
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

export interface RoleProperties {
  readonly ManagedPolicyArns: readonly unknown[];
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

const templateFile = 'cloudformation-template-update-stack.json';

/** The production stage of this project, packaged once for all tests of a run. */
export async function packageProduction(): Promise<PackagedStage> {
  return oneAtATime(async () => {
    const output = join(folderOfRun(), 'packaged-production');
    if (!existsSync(join(output, templateFile)))
      await packageInto(output, 'production', projectDirectory, stageParameters);
    return contentsOf(output);
  });
}

/**
 * Packages a stage as `serverless package` does, into a temporary folder.
 * @param directory the service to package, this project unless given
 * @param parameters of serverless.yml, complete unless given: no stage but local is packaged with one missing
 */
export async function packageStage(
  stage: string,
  directory = projectDirectory,
  parameters: Readonly<Record<string, string>> = stageParameters,
): Promise<PackagedStage> {
  const output = mkdtempSync(join(tmpdir(), 'openorder-package-'));
  await oneAtATime(() => packageInto(output, stage, directory, parameters));
  return contentsOf(output);
}

/** Packaging runs of one checkout share the bundler's folders, and test files run in parallel. */
async function oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
  const lock = join(folderOfRun(), 'packaging');
  await waitFor(() => mkdir(lock).then(() => true), { what: 'the packaging folder', deadlineMs: 90_000 });
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
}

/** Made for each run of the integration tests, and removed after it. */
function folderOfRun(): string {
  return process.env['OPENORDER_DATA_DIR'] ?? '';
}

/** A word that no package may contain. */
export const secretInShell = 'hush-not-in-a-package-and-not-in-its-state-';

/** What a developer's shell may hold, in the forms that the settings accept. */
const shell = {
  DATABASE_URL: `postgres://openorder:${secretInShell}@127.0.0.1/openorder`,
  SMTP_URL: `smtp://openorder:${secretInShell}@127.0.0.1`,
  MAIL_URL: `http://openorder:${secretInShell}@127.0.0.1`,
  VAPID_PRIVATE_KEY: secretInShell,
};

async function packageInto(
  output: string,
  stage: string,
  directory: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const serverless = join(directory, 'node_modules', '.bin', 'serverless');
  const options = ['--stage', stage, '--package', output, ...parameterOptions(parameters)];
  await run(serverless, ['package', ...options], {
    cwd: directory,
    timeout: 90_000,
    env: { ...process.env, ...shell },
  });
  for (const key of keysIn(output)) {
    await run('unzip', ['-q', join(output, `${key}.zip`), '-d', join(output, key)]);
  }
}

function contentsOf(output: string): PackagedStage {
  const text = readFileSync(join(output, templateFile), 'utf8');
  const template = JSON.parse(text) as { Resources: Record<string, Resource> };
  return { output, keys: keysIn(output), resources: template.Resources };
}

function keysIn(output: string): string[] {
  const archives = readdirSync(output).filter((name) => name.endsWith('.zip'));
  return archives.map((name) => name.replace('.zip', ''));
}

/** The properties of every resource of one CloudFormation type. */
export function propertiesOf<Properties>({ resources }: PackagedStage, type: string): Properties[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties as Properties);
}

/** The functions of the service, without what the framework may add. */
export function functionsOf(packaged: PackagedStage): FunctionProperties[] {
  return propertiesOf<FunctionProperties>(packaged, 'AWS::Lambda::Function').filter(({ Handler }) =>
    Handler.startsWith('functions/'),
  );
}

/** A function's key in serverless.yml. */
export function keyOf({ FunctionName }: FunctionProperties): string {
  return FunctionName.split('-').at(-1) ?? '';
}

/** A function's environment; empty if it reads no setting. */
export function environmentOf({ Environment }: FunctionProperties): Readonly<Record<string, unknown>> {
  return Environment?.Variables ?? {};
}

/** The function that a route calls. */
export function functionBehind(
  { resources }: PackagedStage,
  { Target }: RouteProperties,
): FunctionProperties {
  const [, [, { Ref: integration }]] = Target['Fn::Join'];
  const { IntegrationUri } = resources[integration]?.Properties as unknown as IntegrationProperties;
  return resources[IntegrationUri['Fn::GetAtt'][0]]?.Properties as unknown as FunctionProperties;
}
