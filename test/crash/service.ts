import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../lib/local/stack/child-process.ts';
import { waitFor } from '../support/wait.ts';
import type { Program } from './victim.ts';

/** Where a `serverless offline start` finds what it runs on, and where it listens. */
export interface ServiceOptions {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly httpPort: number;
  readonly lambdaPort: number;
  /** Takes its state, and a log for each start. */
  readonly directory: string;
}

/** Starts the service as a person does, and waits until it answers. */
export async function startService(options: ServiceOptions): Promise<Program> {
  const { brokers, databaseUrl, smtpUrl, httpPort, lambdaPort, directory } = options;
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  const child = await startChild(
    process.execPath,
    ['node_modules/.bin/serverless', 'offline', 'start', ...ports],
    {
      logFile: join(mkdtempSync(join(directory, 'service-')), 'output.log'),
      orphanSignal: 'SIGKILL',
      environment: {
        ...process.env,
        KAFKA_BROKERS: brokers.join(','),
        DATABASE_URL: databaseUrl,
        SMTP_URL: smtpUrl,
        OPENORDER_DATA_DIR: directory,
      },
    },
  );
  const answers = async () => child.hasExited() || (await isAnswered(httpPort));
  await waitFor(answers, { deadlineMs: 60_000, intervalMs: 200, what: 'the service to answer' });
  if (child.hasExited()) throw new Error(`The service has ended:\n${await child.lastOutput()}`);
  return { pid: child.pid, stop: () => child.stop('SIGINT', 20_000) };
}

async function isAnswered(httpPort: number): Promise<boolean> {
  const patience = { signal: AbortSignal.timeout(2_000) };
  return (await fetch(`http://localhost:${httpPort}/api/stock`, patience)).ok;
}
