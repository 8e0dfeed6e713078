// npm run test:contracts -- [--seed 1] [--examples 150]: sends generated requests to a service of its own, as
// an operator, as a customer and without a token, and compares every answer with docs/openapi.json. Needs
// Python 3.10 or newer.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../../lib/local/stack/ports.ts';
import { projectDirectory, readSettings } from '../../lib/local/stack/settings.ts';
import { installPythonTools } from '../support/python-tools.ts';
import { ownStack, startService } from '../support/service.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Generated requests of each kind, per operation and caller. */
    examples: { type: 'string', default: '150' },
  },
});

/**
 * Who sends the requests, with the options for `npm run token`; none for a caller without a token.
 */
const callers = { operator: ['--operator'], customer: ['--user', '42'], none: undefined } as const;

/** The version whose checks the documents have passed. https://schemathesis.readthedocs.io */
const schemathesisVersion = 'schemathesis==4.32.5';

const hourInSeconds = 3600;

interface Fuzzed {
  readonly requests: number;
  readonly isClean: boolean;
}

async function main(): Promise<boolean> {
  const programs = await installPythonTools([schemathesisVersion], 'npm run test:contracts');
  const schemathesis = join(programs, 'schemathesis');
  mkdirSync(readSettings().dataDirectory, { recursive: true });
  const environment = { ...(await ownStack()), OPENORDER_AUTH: 'on', AUTH_PORT: String(await freePort()) };
  const service = await startService({ environment });
  try {
    const results: Fuzzed[] = [];
    for (const [caller, tokenOptions] of Object.entries(callers)) {
      const token =
        tokenOptions && tokenOf(tokenOptions, { ...environment, OPENORDER_DATA_DIR: service.dataDirectory });
      const result = await fuzz(schemathesis, service.httpUrl, token);
      console.log(
        `${caller}: ${result.requests} requests, ${result.isClean ? 'all as documented' : 'see above'}`,
      );
      results.push(result);
    }
    const total = results.reduce((sum, { requests }) => sum + requests, 0);
    console.log(`${total} requests in all.`);
    return results.every(({ isClean }) => isClean);
  } finally {
    await service.stop();
  }
}

function tokenOf(tokenOptions: readonly string[], environment: Readonly<Record<string, string>>): string {
  const program = join(projectDirectory, 'bin', 'token', 'index.ts');
  const lifetime = ['--expires-in', String(hourInSeconds)];
  return execFileSync(process.execPath, [program, ...tokenOptions, ...lifetime], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  }).trim();
}

/** Runs schemathesis with its output on the terminal; counts what it reports to have sent. */
async function fuzz(schemathesis: string, url: string, token: string | undefined): Promise<Fuzzed> {
  const args = [
    ...['--config-file', join(import.meta.dirname, 'schemathesis.toml'), 'run'],
    join(projectDirectory, 'docs', 'openapi.json'),
    ...['--url', url, '--seed', options.seed, '--max-examples', options.examples, '--no-color'],
    ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
  ];
  const cwd = readSettings().dataDirectory; // where it keeps what it found
  const child = spawn(schemathesis, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const requests = Number(/(\d[\d,]*) generated/.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
  return { requests, isClean: code === 0 };
}

process.exitCode = (await main()) ? 0 : 1;
