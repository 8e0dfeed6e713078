import { InvokeCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { StackError } from '../../lib/local/stack/errors.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';
import { readState } from '../../lib/local/stack/state-file.ts';
import type { Invoke } from './answers.ts';
import { CommandError, exitCodes } from './errors.ts';
import { httpInvoker } from './http.ts';

/** Which deployment a command works on. */
export interface Deployment {
  readonly stage: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  /** The HTTP API, in place of direct invocation. */
  readonly url?: string;
  /** The bearer token for it. */
  readonly token?: string;
}

/**
 * Reaches the functions of a deployment: over HTTP when a URL is named, on AWS when a region, a profile or
 * another stage is, else those of the running local stack.
 */
export function invokerOf(deployment: Deployment): Invoke {
  const { url, token } = deployment;
  return url === undefined ? directInvoker(deployment) : httpInvoker(url, token);
}

function directInvoker(deployment: Deployment): Invoke {
  let client: LambdaClient | undefined;
  return async <Answer>(functionKey: string, payload: object) => {
    client ??= new LambdaClient(await clientSettings(deployment));
    const name = `openorder-${deployment.stage}-${functionKey}`;
    const command = new InvokeCommand({
      FunctionName: name,
      Payload: JSON.stringify(withSource(functionKey, payload)),
    });
    const { FunctionError, Payload } = await client.send(command).catch((cause: unknown) => {
      throw unreachable(name, cause);
    });
    const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
    if (FunctionError !== undefined) throw failureOf(name, answer);
    return answer as Answer;
  };
}

/** What an operator changes is noted with the means by which they did; what they look at is not. */
function withSource(functionKey: string, payload: object): object {
  return /^(list|get)/.test(functionKey) ? payload : { ...payload, source: 'cli' };
}

/** Where the console of a deployment is; undefined where that cannot be known. */
export async function consoleOf({
  url,
  stage,
  region,
  profile,
  endpoint,
}: Deployment): Promise<string | undefined> {
  if (url !== undefined) return url.replace(/\/$/, '');
  if (stage !== 'local' || region !== undefined || profile !== undefined || endpoint !== undefined)
    return undefined;
  const state = await readState(readSettings().dataDirectory).catch(() => undefined);
  return state?.httpUrl;
}

async function clientSettings({ stage, endpoint, region, profile }: Deployment): Promise<LambdaClientConfig> {
  const isOnAws = region !== undefined || profile !== undefined || stage !== 'local';
  if (endpoint === undefined && isOnAws) return { ...(region && { region }), ...(profile && { profile }) };
  // The local endpoint looks at neither region nor credentials, but the client must have some.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { endpoint: endpoint ?? (await localEndpoint()), region: 'us-east-1', credentials };
}

async function localEndpoint(): Promise<string> {
  const state = await readState(readSettings().dataDirectory).catch((cause: unknown) => {
    if (cause instanceof StackError) throw new CommandError(cause.message, exitCodes.failed, { cause });
    throw cause;
  });
  if (state) return state.lambdaEndpoint;
  throw new CommandError(
    'The local stack is not running. Start it with "npm start" in another terminal, or name --endpoint, or --region and --profile for AWS.',
    exitCodes.failed,
  );
}

function unreachable(name: string, cause: unknown): CommandError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new CommandError(`${name} could not be invoked: ${reason}`, exitCodes.failed, { cause });
}

/**
 * What Lambda answers for a function that threw. serverless-offline calls every type `Error`, but begins the
 * trace with the right one.
 */
interface FunctionFailure {
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly trace?: readonly string[];
}

/** Errors that say what is wrong with what was asked. */
const refusals = /^(InvalidRequest|PreviewOutdated|OperationOver|NotUndoable)Error/;

function failureOf(name: string, answer: unknown): CommandError {
  const { errorType, errorMessage, trace } = (answer ?? {}) as FunctionFailure;
  const isRefused = [errorType, trace?.[0]].some((text) => refusals.test(text ?? ''));
  const reason = errorMessage ?? errorType ?? 'it did not say why';
  return new CommandError(`${name} failed: ${reason}`, isRefused ? exitCodes.usage : exitCodes.failed);
}
