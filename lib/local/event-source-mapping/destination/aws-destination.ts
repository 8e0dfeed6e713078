import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EventSourceMappingError } from '../errors.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from './failure-destination.ts';

/** The part of an AWS SDK client that is used here. */
interface AwsClient {
  send(command: object): Promise<unknown>;
  destroy(): void;
}

type Constructor<T> = new (input: object) => T;

interface Sdk {
  readonly client: AwsClient;
  readonly Command: Constructor<object>;
}

export type AwsService = 'sqs' | 'sns' | 's3';

export interface AwsTarget {
  readonly service: AwsService;
  readonly arn: string;
  readonly endpoint: string;
  /** Folder of the service, whose dependencies include the SDK's client. */
  readonly serviceDir: string;
}

const sdkNames: Record<AwsService, { client: string; command: string }> = {
  sqs: { client: 'SQSClient', command: 'SendMessageCommand' },
  sns: { client: 'SNSClient', command: 'PublishCommand' },
  s3: { client: 'S3Client', command: 'PutObjectCommand' },
};

/**
 * Sends failed batches with the AWS SDK to an endpoint that emulates AWS. The clients are not dependencies of
 * this plugin: they are loaded from the service that configures an endpoint.
 */
export class AwsDestination implements FailureDestination {
  readonly name: string;
  readonly #target: AwsTarget;
  readonly #content: (batch: FailedBatch) => object;
  #sdk: Promise<Sdk> | undefined;

  constructor(target: AwsTarget, content: (batch: FailedBatch) => object) {
    this.name = target.arn;
    this.#target = target;
    this.#content = content;
  }

  async send(batch: FailedBatch): Promise<void> {
    this.#sdk ??= loadSdk(this.#target);
    const { client, Command } = await this.#sdk;
    await client.send(new Command(commandInput(this.#target, JSON.stringify(this.#content(batch)), batch)));
  }

  async close(): Promise<void> {
    const sdk = await this.#sdk?.catch(() => undefined);
    sdk?.client.destroy();
  }
}

/** Each command's input; AWS does not document the format of the S3 key for Kafka. */
export function commandInput(
  { service, arn, endpoint }: AwsTarget,
  body: string,
  batch: FailedBatch,
): object {
  const [, , , , account = '', name = ''] = arn.split(':');
  if (service === 'sns') return { TopicArn: arn, Message: body };
  if (service === 'sqs')
    return { QueueUrl: new URL(`/${account}/${name}`, endpoint).href, MessageBody: body };
  const time = batch.failedAt.toISOString();
  const key = `aws/lambda/${time.slice(0, 10).replaceAll('-', '/')}/${time}-${crypto.randomUUID()}`;
  return { Bucket: name.split('/')[0], Key: key, Body: body };
}

async function loadSdk({ service, endpoint, serviceDir }: AwsTarget): Promise<Sdk> {
  const name = `@aws-sdk/client-${service}`;
  const names = sdkNames[service];
  try {
    const path = createRequire(join(serviceDir, 'package.json')).resolve(name);
    const sdk = (await import(pathToFileURL(path).href)) as Record<string, Constructor<never>>;
    const Client = sdk[names.client] as Constructor<AwsClient>;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
    return { client, Command: sdk[names.command] as Constructor<object> };
  } catch (cause) {
    throw new EventSourceMappingError('AWS_SDK_MISSING', `install ${name} to send failed records there`, {
      cause,
    });
  }
}
