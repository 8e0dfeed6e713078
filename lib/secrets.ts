import { AwsClient } from 'aws4fetch';
import { setting } from './config.ts';
import { SecretUnavailableError } from './errors.ts';

/**
 * The value of a secret: AWS stores a login as a JSON object of strings, such as
 * `{"username":"…","password":"…"}`.
 */
type SecretValue = Readonly<Record<string, string>>;

/** One secret, read when it is needed and cached for five minutes. */
export interface Secret {
  /** @throws SecretUnavailableError when it cannot be read, or is not a JSON object of strings */
  read(): Promise<SecretValue>;
  /** Makes the next read ask again: a login that was just refused has probably been rotated. */
  forget(): void;
}

/** How long a value is cached, in ms. A rotated login is noticed sooner, because it is refused. */
const keptMs = 5 * 60_000;

/** How long Secrets Manager may take to answer, in ms. */
const timeoutMs = 3_000;

/**
 * The secret of an ARN, from AWS Secrets Manager.
 * @param fetchText reads the secret's text
 * @param now a monotonic clock, in ms
 */
export function secretOf(
  arn: string,
  fetchText: (arn: string) => Promise<string> = fetchSecretText,
  now: () => number = () => performance.now(),
): Secret {
  let kept: { readonly value: Promise<SecretValue>; readonly readAt: number } | undefined;
  const forget = () => {
    kept = undefined;
  };
  return {
    forget,
    read() {
      if (kept && now() - kept.readAt < keptMs) return kept.value;
      const value = fetchText(arn).then((text) => parse(arn, text));
      kept = { value, readAt: now() };
      value.catch(forget); // the next read tries again
      return value;
    },
  };
}

/**
 * Reads one string of a secret.
 * @throws from the returned function, SecretUnavailableError, also when the secret has no such string
 */
export function textIn(secret: Secret, name: string): () => Promise<string> {
  return async () => {
    const { [name]: text } = await secret.read();
    if (text !== undefined) return text;
    throw new SecretUnavailableError(`A secret lacks "${name}": add it to the others in the secret.`);
  };
}

async function fetchSecretText(arn: string): Promise<string> {
  try {
    return await getSecretValue(arn);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SecretUnavailableError(
      `Secret ${arn} cannot be read (${reason}): check that the function's role may read it, and that Secrets Manager can be reached from its subnets.`,
      { cause },
    );
  }
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function getSecretValue(arn: string): Promise<string> {
  const region = arn.split(':')[3] ?? '';
  const endpoint = setting('AWS_ENDPOINT_URL') ?? `https://secretsmanager.${region}.amazonaws.com`;
  const response = await signingClient(region).fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: arn }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as { SecretString?: string; __type?: string };
  if (answer.SecretString !== undefined) return answer.SecretString;
  throw new Error(`${response.status} ${answer.__type ?? 'without SecretString'}`);
}

/** Signs as the function's role: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function signingClient(region: string): AwsClient {
  const sessionToken = setting('AWS_SESSION_TOKEN');
  return new AwsClient({
    accessKeyId: setting('AWS_ACCESS_KEY_ID') ?? '',
    secretAccessKey: setting('AWS_SECRET_ACCESS_KEY') ?? '',
    ...(sessionToken !== undefined && { sessionToken }),
    service: 'secretsmanager',
    region,
    retries: 2,
    initRetryMs: 100,
  });
}

function parse(arn: string, text: string): SecretValue {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && Object.values(value).every(isText))
    return value as SecretValue;
  throw new SecretUnavailableError(
    `Secret ${arn} is not a JSON object of strings, such as {"username":"…","password":"…"}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the parser's message would quote the secret
  }
}

const isText = (value: unknown) => typeof value === 'string';
