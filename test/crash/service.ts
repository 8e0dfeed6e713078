import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { waitFor } from '../support/wait.ts';
import { send } from './process-tree.ts';
import type { Program } from './victim.ts';

/** Where a `serverless offline start` finds what it runs on, and where it listens. */
export interface ServiceOptions {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly httpPort: number;
  readonly lambdaPort: number;
  /** Its state and its log. */
  readonly directory: string;
}

/** Starts the service as a person does, and waits until it answers. Its output is added to `service.log`. */
export async function startService(options: ServiceOptions): Promise<Program> {
  const log = openSync(join(options.directory, 'service.log'), 'a');
  const child = spawn(process.execPath, commandLine(options), {
    cwd: projectDirectory,
    stdio: ['ignore', log, log],
    env: environment(options),
  });
  await once(child, 'spawn');
  const pid = child.pid as number;
  const exited = once(child, 'exit');
  const answers = async () => child.exitCode !== null || (await fetchOk(options.httpPort));
  await waitFor(answers, { deadlineMs: 60_000, intervalMs: 200, what: 'the service to answer' });
  if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}.`);
  return {
    pid,
    stop: async () => {
      send(pid, 'SIGINT');
      await exited;
    },
  };
}

function commandLine({ httpPort, lambdaPort }: ServiceOptions): string[] {
  const serverless = join(projectDirectory, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  return [serverless, 'offline', 'start', ...ports];
}

function environment({ brokers, databaseUrl, smtpUrl, directory }: ServiceOptions): NodeJS.ProcessEnv {
  const { PATH = '' } = process.env;
  return {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${PATH}`,
    KAFKA_BROKERS: brokers.join(','),
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    OPENORDER_DATA_DIR: directory,
  };
}

async function fetchOk(httpPort: number): Promise<boolean> {
  const response = await fetch(`http://localhost:${httpPort}/api/stock`, {
    signal: AbortSignal.timeout(2_000),
  });
  return response.ok;
}
