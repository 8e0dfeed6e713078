import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../lib/local/stack/child-process.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { projectDirectory, readSettings } from '../../lib/local/stack/settings.ts';
import type { StackState } from '../../lib/local/stack/state-file.ts';
import { waitFor } from './wait.ts';

/** How {@link startService} runs the service. */
export interface ServiceOptions {
  /**
   * Variables in addition to this process's own, which include KAFKA_BROKERS, DATABASE_URL and SMTP_URL of
   * the test stack.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Where the service keeps its state and the data of embedded parts; by default a fresh temporary folder.
   */
  readonly dataDirectory?: string;
  /** Ports of the HTTP API and the Lambda endpoint; by default free ones. */
  readonly httpPort?: number;
  readonly lambdaPort?: number;
  /** Parameters of serverless.yml to override. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A real `serverless offline start` in a separate process. */
export interface Service {
  readonly httpUrl: string;
  readonly lambdaUrl: string;
  readonly dataDirectory: string;
  readonly pid: number;
  /** Everything it has written so far. */
  readonly output: () => string;
  /**
   * Waits until it accepts requests, and returns the contents of its state file. Throws, with its output,
   * when it exits before that.
   */
  ready(): Promise<StackState>;
  /** Stops it as Ctrl-C does; returns the exit code, null when a signal ended it. */
  stop(): Promise<number | null>;
  /** Kills it as `kill -9` does. */
  readonly kill: () => Promise<void>;
  /** Waits until it has exited on its own; returns the exit code. */
  ended(): Promise<number | null>;
}

/** Settings that give a service a Kafka, a PostgreSQL and an inbox of its own, on free ports. */
export async function ownStack(): Promise<Record<string, string>> {
  const [kafka, postgres, smtp, mail] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    OPENORDER_STACK: 'embedded',
    KAFKA_PORT: String(kafka),
    POSTGRES_PORT: String(postgres),
    SMTP_PORT: String(smtp),
    MAIL_PORT: String(mail),
  };
}

/** Starts the service and waits until it accepts requests. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const service = await launchService(options);
  await service.ready();
  return service;
}

/** Starts the service without waiting for it. */
export async function launchService(options: ServiceOptions = {}): Promise<Service> {
  const { httpPort = await freePort(), lambdaPort = await freePort() } = options;
  const dataDirectory = options.dataDirectory ?? temporaryDirectory();
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  const parameters = Object.entries(options.parameters ?? {}).map(
    ([name, value]) => `--param=${name}=${value}`,
  );
  const args = ['offline', 'start', ...ports, ...parameters];
  const child = await startServerless(args, dataDirectory, options.environment);
  const end = new AbortController();
  void child.exited.then(() => {
    end.abort(new Error(`The service has exited:\n${child.output()}`));
  });
  return {
    httpUrl: `http://localhost:${httpPort}`,
    lambdaUrl: `http://localhost:${lambdaPort}`,
    dataDirectory,
    pid: child.pid,
    output: child.output,
    ready: () =>
      waitFor(() => stateOf(dataDirectory, child.pid), {
        deadlineMs: 150_000, // for a machine that also runs other suites
        what: 'the service to accept requests',
        signal: end.signal,
      }),
    stop: async () => {
      await child.stop('SIGINT', 30_000);
      return await child.exited;
    },
    kill: () => child.stop('SIGKILL', 1000),
    ended: () => child.exited,
  };
}

/** Runs a command of the framework to completion. */
export async function runServerless(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = await startServerless(args, temporaryDirectory(), environment);
  const code = await child.exited;
  return { code, output: child.output() };
}

/** A new folder inside the test stack's own, removed along with it. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(readSettings().dataDirectory, 'test-'));
}

/** It is killed with this process, so that no test can leave it behind. */
async function startServerless(
  args: readonly string[],
  dataDirectory: string,
  environment: Readonly<Record<string, string>> = {},
) {
  const logFile = join(mkdtempSync(join(dataDirectory, 'log-')), 'output.log');
  const child = await startChild(process.execPath, ['node_modules/.bin/serverless', ...args], {
    logFile,
    orphanSignal: 'SIGKILL',
    environment: { ...process.env, OPENORDER_DATA_DIR: dataDirectory, ...environment },
    workingDirectory: projectDirectory,
  });
  return { ...child, output: () => readFileSync(logFile, 'utf8') };
}

function stateOf(dataDirectory: string, pid: number): StackState | undefined {
  const state = JSON.parse(readFileSync(join(dataDirectory, 'stack.json'), 'utf8')) as StackState;
  return state.pid === pid ? state : undefined;
}
