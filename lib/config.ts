import * as v from 'valibot';
import { ConfigurationError } from './errors.ts';

const brokerList = v.pipe(
  v.string(),
  v.regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'a comma-separated list of host:port'),
  v.transform((list) => list.split(',')),
);

const url = (scheme: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^${scheme}://`), `a URL that starts with ${scheme}://`));

/** A setting that may be missing; serverless.yml passes an unset one on as an empty string. */
const optional = <Schema extends v.GenericSchema<string, unknown>>(schema: Schema) =>
  v.optional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  );

const wholeNumber = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,5}$/, 'a whole number above 0'),
  v.transform(Number),
);

/** An issuer's address; without TLS only on this machine. */
const issuer = v.pipe(
  v.string(),
  v.regex(/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])/, "an issuer's https URL"),
  v.check((text) => URL.canParse(text), "an issuer's https URL"),
);

const list = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((entry) => entry.trim())),
  v.array(v.pipe(v.string(), v.minLength(1, 'a comma-separated list'))),
);

const originList = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[^\s/,;']+(,https?:\/\/[^\s/,;']+)*$/, 'a comma-separated list of origins'),
  v.transform((text) => text.split(',')),
);

/** https://www.rfc-editor.org/rfc/rfc7517#section-5 */
const keySet = v.pipe(
  v.string(),
  v.parseJson(undefined, 'a JSON Web Key Set'),
  v.object({ keys: v.array(v.looseObject({ kty: v.string() })) }, 'a JSON Web Key Set'),
);

const secretArn = v.pipe(
  v.string(),
  v.regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/, 'the ARN of a secret'),
);

/** Secrets by the service that uses them: `order=arn:…,inventory=arn:…`. */
const secretArnByService = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').map((entry): unknown[] => entry.split('=', 2))),
  v.transform((entries) => Object.fromEntries(entries as [string, unknown][])),
  v.record(v.string(), secretArn, 'SERVICE=ARN, comma-separated'),
);

/** Everything that a function may read, by name: what Lambda sets, and what serverless.yml sets. */
export const settings = {
  KAFKA_BROKERS: brokerList,
  KAFKA_PARTITIONS: wholeNumber,
  DATABASE_URL: url('postgres(ql)?'),
  DATABASE_SECRET_ARN: optional(secretArn),
  LOGIN_SECRET_ARNS: optional(secretArnByService),
  KAFKA_SECRET_ARN: optional(secretArn),
  AWS_LAMBDA_FUNCTION_NAME: v.pipe(v.string(), v.minLength(1, "the function's name, which Lambda sets")),
  FAULT_SKU: v.optional(v.string()),
  SMTP_URL: optional(url('smtps?')),
  SMTP_SECRET_ARN: optional(secretArn),
  MAIL_URL: optional(url('https?')),
  MAIL_FROM: optional(v.pipe(v.string(), v.regex(/@/, 'an address such as Shop <orders@shop.example>'))),
  SMS_REGION: optional(v.pipe(v.string(), v.regex(/^[a-z]+(-[a-z]+)+-\d$/, 'an AWS region'))),
  VAPID_PUBLIC_KEY: optional(v.pipe(v.string(), v.regex(/^[\w-]{87}$/, '65 bytes in base64url'))),
  VAPID_PRIVATE_KEY: optional(v.pipe(v.string(), v.regex(/^[\w-]{43}$/, '32 bytes in base64url'))),
  VAPID_SECRET_ARN: optional(secretArn),
  VAPID_SUBJECT: optional(v.pipe(v.string(), v.regex(/^(mailto:|https:\/\/)/, 'a mailto: or https: URL'))),
  LOOPBACK_CONTACTS: v.optional(v.string()),
  AUTH_ISSUER: optional(issuer),
  AUTH_AUDIENCE: optional(list),
  AUTH_JWKS: optional(keySet),
  AUTH_USER_CLAIM: optional(v.string()),
  AUTH_SCOPE_PREFIX: optional(v.string()),
  AUTH_CLIENT_ID: optional(v.string()),
  AUTH_ORIGINS: optional(originList),
  STAGE: v.string(),
  /** Set by the local stack for the functions it runs, and nowhere else. */
  AUTH_OPEN: v.optional(v.string()),
  /**
   * Set by Lambda in every function: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
   */
  AWS_LAMBDA_RUNTIME_API: v.optional(v.string()),
  /** The credentials of the function's role, as Lambda provides them. */
  AWS_ACCESS_KEY_ID: optional(v.string()),
  AWS_SECRET_ACCESS_KEY: optional(v.string()),
  AWS_SESSION_TOKEN: optional(v.string()),
  /**
   * An alternative endpoint for every AWS service:
   * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
   */
  AWS_ENDPOINT_URL: optional(url('https?')),
  IS_OFFLINE: v.optional(v.string()),
} as const;

type Settings = typeof settings;

/**
 * Reads one setting from the environment; the only place that does.
 * @throws ConfigurationError when the setting is missing or malformed
 */
export function setting<Name extends keyof Settings>(name: Name): v.InferOutput<Settings[Name]> {
  const value = process.env[name];
  const parsed = v.safeParse(settings[name], value);
  if (parsed.success) return parsed.output;
  const found = value === undefined ? 'it is not set' : 'it is malformed';
  throw new ConfigurationError(`Set ${name}: ${parsed.issues[0].message} (${found}).`);
}
