import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brokers } from './broker.ts';
import { eventually } from './eventually.ts';

/** A function with a Kafka trigger, as a test declares it. */
export interface TriggerSpec {
  readonly topic: string;
  readonly handler: string;
  /** More of the `kafka` event. */
  readonly event?: Record<string, unknown>;
  /** Properties under `resources.extensions`. */
  readonly extension?: Record<string, unknown>;
  /** More of the function. */
  readonly definition?: Record<string, unknown>;
}

/** One call of a function, as recorded by its handler. */
export interface Call {
  readonly id: string;
  readonly functionName: string;
  readonly event: LambdaEvent;
  readonly startedAt: number;
  readonly endedAt?: number;
}

interface LambdaEvent {
  readonly eventSource: string;
  readonly eventSourceArn?: string;
  readonly bootstrapServers: string;
  readonly records: Record<string, LambdaRecord[]>;
}

export interface LambdaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: string;
  readonly key?: string;
  readonly value?: string;
  readonly headers: Record<string, number[]>[];
}

const pluginFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const handlersFile = fileURLToPath(new URL('./handlers.mjs', import.meta.url));
const serverlessScript = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');

/** A minimal service file: plain handlers, no build step, no other plugin. */
export function serviceOf(specs: Record<string, TriggerSpec>): Record<string, unknown> {
  const functions = Object.entries(specs).map(([key, spec]) => [
    key,
    {
      handler: `handlers.${spec.handler}`,
      timeout: 10,
      ...spec.definition,
      events: [{ kafka: eventOf(spec) }],
    },
  ]);
  const extensions = Object.entries(specs)
    .filter(([, { extension }]) => extension)
    .map(([key, { topic, extension }]) => [logicalId(key, topic), { Properties: extension }]);
  return {
    service: 'stranger',
    provider: {
      name: 'aws',
      runtime: 'nodejs24.x',
      region: 'us-east-1',
      environment: { CALLS_FILE: '${env:CALLS_FILE}' },
    },
    plugins: ['serverless-offline', './event-source-mapping/index.ts'],
    functions: Object.fromEntries(functions) as Record<string, unknown>,
    resources: { extensions: Object.fromEntries(extensions) as Record<string, unknown> },
  };
}

function eventOf({ topic, event }: TriggerSpec): Record<string, unknown> {
  const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker';
  return {
    accessConfigurations: { saslScram512Auth: [secret] },
    bootstrapServers: brokers(),
    topic,
    ...event,
  };
}

/** The logical id that the framework generates. */
function logicalId(functionKey: string, topic: string): string {
  return `${upperFirst(functionKey)}EventSourceMappingKafka${upperFirst(topic.replaceAll(/[^a-zA-Z0-9]/g, ''))}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `serverless offline start` in its own folder outside the project. */
export class OfflineService {
  readonly folder = mkdtempSync(join(tmpdir(), 'stranger-'));
  #process: ChildProcess | undefined;
  #output = '';

  constructor(service: Record<string, unknown>) {
    symlinkSync(pluginFolder, join(this.folder, 'event-source-mapping'));
    copyFileSync(handlersFile, join(this.folder, 'handlers.mjs'));
    this.write(service);
  }

  /** Everything printed since the last start. */
  get output(): string {
    return this.#output;
  }

  get process(): ChildProcess {
    if (!this.#process) throw new Error('The service was not started.');
    return this.#process;
  }

  write(service: Record<string, unknown>): void {
    // JSON is valid YAML.
    writeFileSync(join(this.folder, 'serverless.yml'), JSON.stringify(service, null, 2));
  }

  /** Starts, and resolves when all triggers are ready. */
  async start(...options: string[]): Promise<void> {
    const port = String(await freePort());
    this.spawn('offline', 'start', '--lambdaPort', port, ...options);
    const hasEnded = () => this.process.exitCode !== null;
    await eventually(
      'the triggers are ready',
      () => hasEnded() || this.#output.includes('Kafka triggers: running'),
    );
    if (hasEnded()) throw new Error(this.#output);
  }

  spawn(...args: string[]): void {
    this.#output = '';
    this.#process = spawn(process.execPath, [serverlessScript, ...args], this.#spawnOptions());
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
  }

  /** Runs a command to its end and returns its exit code. */
  async run(...args: string[]): Promise<number | null> {
    this.spawn(...args);
    await once(this.process, 'close');
    return this.process.exitCode;
  }

  /** Runs a command while the service runs and returns its output. */
  async runBeside(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [serverlessScript, ...args],
      this.#spawnOptions(),
    );
    return stdout;
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    this.process.kill(signal);
    await once(this.process, 'exit');
    return this.process.exitCode;
  }

  /** Stops whatever is still running and removes the folder. */
  async remove(): Promise<void> {
    if (this.#process) await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls of a function so far, in the order they started. */
  calls(functionKey: string): Call[] {
    const file = join(this.folder, 'calls');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const calls = new Map<string, Call>();
    for (const line of lines) {
      const entry = JSON.parse(line) as Call;
      calls.set(entry.id, { ...calls.get(entry.id), ...entry });
    }
    return [...calls.values()].filter(({ functionName }) => functionName === `stranger-dev-${functionKey}`);
  }

  async firstCall(functionKey: string): Promise<Call> {
    return eventually(`a call of ${functionKey}`, () => this.calls(functionKey)[0]);
  }

  /** Offsets of each call of a function. */
  offsets(functionKey: string): number[][] {
    return this.calls(functionKey).map((call) => recordsOf(call).map(({ offset }) => offset));
  }

  #spawnOptions(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: this.folder, env: { ...process.env, CALLS_FILE: join(this.folder, 'calls') } };
  }
}

export function recordsOf({ event }: Call): LambdaRecord[] {
  return Object.values(event.records).flat();
}

/** The value of a record as text. */
export function textOf({ value }: LambdaRecord): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
}

/** A name that no other run uses. */
export function freshTopic(name: string): string {
  return `${name}.${crypto.randomUUID().slice(0, 8)}`;
}

/**
 * A free port on the loopback interface, below the ephemeral range: an outgoing connection could otherwise
 * take it before the service listens.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(15_000, 30_000);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
