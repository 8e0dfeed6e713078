import * as v from 'valibot';
import { ConfigurationError } from './errors.ts';

const brokerList = v.pipe(
  v.string(),
  v.regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'a comma-separated list of host:port'),
  v.transform((list) => list.split(',')),
);

const url = (scheme: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^${scheme}://`), `a URL that starts with ${scheme}://`));

/** A setting that may be missing; serverless.yml hands on what is not set as an empty text. */
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

const settings = {
  KAFKA_BROKERS: brokerList,
  KAFKA_USERNAME: optional(v.string()),
  KAFKA_PASSWORD: optional(v.string()),
  DATABASE_URL: url('postgres(ql)?'),
  CONSUMER_GROUP_PREFIX: v.pipe(v.string(), v.minLength(1, 'the start of the consumer group names')),
  FAULT_SKU: v.optional(v.string()),
  SMTP_URL: optional(url('smtps?')),
  MAIL_FROM: optional(v.pipe(v.string(), v.regex(/@/, 'an address such as Shop <orders@shop.example>'))),
  SMS_REGION: optional(v.pipe(v.string(), v.regex(/^[a-z]+(-[a-z]+)+-\d$/, 'an AWS region'))),
  VAPID_PUBLIC_KEY: optional(v.pipe(v.string(), v.regex(/^[\w-]{87}$/, '65 bytes in base64url'))),
  VAPID_PRIVATE_KEY: optional(v.pipe(v.string(), v.regex(/^[\w-]{43}$/, '32 bytes in base64url'))),
  VAPID_SUBJECT: optional(v.pipe(v.string(), v.regex(/^(mailto:|https:\/\/)/, 'a mailto: or https: URL'))),
  WEBHOOK_SECRET: optional(
    v.pipe(v.string(), v.regex(/^whsec_[A-Za-z0-9+/]{32,}=*$/, 'whsec_ and 24 to 64 bytes in base64')),
  ),
  LOOPBACK_CONTACTS: v.optional(v.string()),
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
