import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../../lib/local/stack/settings.ts';

const run = promisify(execFile);
const directory = join(projectDirectory, '.local', 'lambda-runtime');

const emulatorModule =
  'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d';
const clientPackage = 'aws-lambda-ric@4.0.2';

/** The two halves of Lambda's own runtime. */
export interface LambdaRuntime {
  /** The program that stands in for the Lambda service. */
  readonly emulator: string;
  /** The script that loads a handler and fetches invocations. */
  readonly client: string;
}

/**
 * AWS' runtime interface emulator and client, built under `.local` the first time.
 * @throws Error that says in one sentence what is missing
 */
export async function installLambdaRuntime(): Promise<LambdaRuntime> {
  const bin = join(directory, 'bin');
  const emulator = join(bin, 'aws-lambda-rie');
  const clientFolder = join(directory, 'client');
  const client = join(clientFolder, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  await mkdir(clientFolder, { recursive: true });
  if (!existsSync(emulator)) {
    const environment = { ...process.env, GOBIN: bin };
    await step('Go is needed for npm run test:zips', 'go', ['install', emulatorModule], environment);
  }
  if (!existsSync(client)) {
    const install = ['install', '--no-audit', '--no-fund', '--prefix', clientFolder, clientPackage];
    await step('A C++ compiler, make and cmake are needed for npm run test:zips', 'npm', install);
  }
  return { emulator, client };
}

async function step(
  complaint: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  try {
    await run(command, args, { env });
  } catch (cause) {
    throw new Error(`${complaint}.`, { cause });
  }
}
