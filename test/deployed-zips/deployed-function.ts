import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { runToEnd } from '../../lib/local/stack/child-process.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { waitFor } from '../support/wait.ts';
import type { LambdaRuntime } from './lambda-runtime.ts';

/** Where and as what functions run. */
export interface Surroundings {
  readonly runtime: LambdaRuntime;
  /** A folder for what is unpacked, and for logs. */
  readonly directory: string;
  /** What the template lacks: the address of the stand-in for AWS, and the certificates to trust. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The answer of a function, and the time that it took. */
export interface Invocation {
  readonly answer: unknown;
  readonly milliseconds: number;
}

/** A container of a packaged function. */
export class DeployedFunction {
  readonly name: string;
  readonly times: number[] = [];
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(name: string, process: ChildProcess, url: string) {
    this.name = name;
    this.#process = process;
    this.#url = url;
  }

  /** Unpacks the zip of a deployed function and starts it in AWS' emulator, configured as it was deployed. */
  static async start(
    { FunctionName = '', Handler = '', Timeout = 3, MemorySize = 128, Environment }: FunctionConfiguration,
    { runtime, directory, environment }: Surroundings,
  ): Promise<DeployedFunction> {
    const key = FunctionName.split('-').at(-1) ?? '';
    const task = join(directory, key);
    await runToEnd('unzip', ['-q', join(projectDirectory, '.serverless', `${key}.zip`), '-d', task]);
    const [port, runtimePort] = [await freePort(), await freePort()];
    const log = openSync(join(directory, `${key}.log`), 'a');
    const node = join(projectDirectory, 'node_modules', '.bin', 'node');
    const addresses = ['--runtime-interface-emulator-address', `127.0.0.1:${port}`];
    addresses.push('--runtime-api-address', `127.0.0.1:${runtimePort}`);
    const container = spawn(runtime.emulator, [...addresses, node, runtime.client, Handler], {
      cwd: task,
      detached: true, // a group of its own, with the runtime that it starts
      stdio: ['ignore', log, log],
      env: {
        PATH: '/usr/bin:/bin',
        LAMBDA_TASK_ROOT: task,
        AWS_LAMBDA_FUNCTION_NAME: FunctionName,
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(Timeout),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
        _HANDLER: Handler,
        ...environment,
        ...Environment?.Variables,
      },
    });
    const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
    const listens = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
    await waitFor(listens, { deadlineMs: 20_000, what: `the emulator of ${key}` });
    return new DeployedFunction(key, container, url);
  }

  /**
   * Invokes it; the first time that includes its start.
   * @throws Error with what the function threw
   */
  async invoke(event: unknown): Promise<Invocation> {
    const startedAt = performance.now();
    const response = await fetch(this.#url, { method: 'POST', body: JSON.stringify(event) });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - startedAt);
    this.times.push(milliseconds);
    if (text.includes('"errorType"')) throw new Error(`${this.name} failed: ${text}`);
    return { answer: text === '' ? null : (JSON.parse(text) as unknown), milliseconds };
  }

  /** Ends the emulator and the runtime. */
  async stop(): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }
}
