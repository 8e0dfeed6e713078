import type { KafkaConfig } from 'kafkajs';
import type { Service } from './serverless.ts';

/** `custom.kafkaEventSourceMapping`: all optional. */
export interface Settings {
  /** Overrides the brokers of every mapping; `msk` events need it. */
  readonly bootstrapServers?: readonly string[];
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  /** Overrides the schema registry of every mapping that has one; may carry `user:password@`. */
  readonly schemaRegistryUri?: string;
  /** Endpoint of an SQS, SNS and S3 emulator for failure destinations; without it, records go to files. */
  readonly awsEndpoint?: string;
  /**
   * Whether one call may contain records of several partitions, as on AWS (`all`, the default), or of only
   * one.
   */
  readonly partitionsPerCall?: 'all' | 'one';
}

export const settingsSchema = {
  type: 'object',
  properties: {
    kafkaEventSourceMapping: {
      type: 'object',
      properties: {
        bootstrapServers: { type: 'array', minItems: 1, items: { type: 'string' } },
        ssl: { anyOf: [{ type: 'boolean' }, { type: 'object' }] },
        sasl: { type: 'object' },
        schemaRegistryUri: { type: 'string', pattern: '^https?://' },
        awsEndpoint: { type: 'string' },
        partitionsPerCall: { enum: ['all', 'one'] },
      },
      additionalProperties: false,
    },
  },
};

/** Read late: another plugin may write `bootstrapServers` while the service starts. */
export function readSettings(service: Service): Settings {
  return service.custom?.kafkaEventSourceMapping ?? {};
}

/** The options of serverless-offline that matter here. */
export interface OfflineOptions {
  readonly lambdaEndpoint: string;
  readonly noTimeout: boolean;
  readonly reloadHandler: boolean;
  readonly useDocker: boolean;
  readonly useInProcess: boolean;
}

/**
 * Merged as serverless-offline 14 merges them: command line, then `custom.serverless-offline`, then
 * defaults. The Lambda endpoint is plain HTTP even with `httpsProtocol`.
 */
export function readOfflineOptions(service: Service, cliOptions: Record<string, unknown>): OfflineOptions {
  const custom = service.custom?.['serverless-offline'] as Record<string, unknown> | undefined;
  const options: Record<string, unknown> = { host: 'localhost', lambdaPort: 3002, ...custom, ...cliOptions };
  return {
    lambdaEndpoint: `http://${reachable(String(options.host))}:${String(options.lambdaPort)}`,
    noTimeout: Boolean(options.noTimeout),
    reloadHandler: Boolean(options.reloadHandler),
    useDocker: Boolean(options.useDocker),
    useInProcess: Boolean(options.useInProcess),
  };
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
