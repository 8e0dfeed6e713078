import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from '../../lib/local/stack/ports.ts';
import { waitFor } from '../support/wait.ts';
import { installAwsTools } from './aws-tools.ts';

/** A running stand-in for AWS on loopback. */
export interface StandIn {
  /** Makes the framework and the SDK use it. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts moto's server on a free port of loopback.
 * @throws Error that says in one sentence what is missing
 */
export async function startStandIn(): Promise<StandIn> {
  const programs = await installAwsTools('npm run test:deploy');
  const port = await freePort();
  const program = [join(import.meta.dirname, 'stand_in.py'), '-H', '127.0.0.1', '-p', String(port)];
  const server = spawn(join(programs, 'python'), program, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(server, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  await Promise.race([isReady(endpoint), failure(server.stderr, ended)]);
  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async stop() {
      server.kill();
      await ended;
    },
  };
}

async function isReady(endpoint: string): Promise<void> {
  const answers = async () => (await fetch(`${endpoint}/moto-api/`)).ok;
  await waitFor(answers, { deadlineMs: 60_000, what: 'the stand-in for AWS' });
}

/** Rejects with the last output of a server that exited. */
async function failure(output: Readable, ended: Promise<unknown>): Promise<never> {
  let excerpt = '';
  output.on('data', (chunk: Buffer) => {
    excerpt = (excerpt + chunk.toString()).slice(-2_000);
  });
  await ended;
  throw new Error(`The stand-in for AWS exited:\n${excerpt}`);
}
