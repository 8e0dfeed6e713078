import { AwsClient } from 'aws4fetch';
import type { StandIn } from '../deploy/stand-in.ts';

/** Secrets Manager of the stand-in, as an operator uses it. */
export interface Secrets {
  /** @returns the new secret's ARN */
  create(name: string, value: object): Promise<string>;
  read(arn: string): Promise<{ readonly username: string; readonly password: string }>;
  replace(arn: string, value: object): Promise<void>;
}

export function secretsOf({ environment }: StandIn): Secrets {
  const client = new AwsClient({
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    service: 'secretsmanager',
  });
  const call = async (action: string, body: object) => {
    const response = await client.fetch(environment['AWS_ENDPOINT_URL'] ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `secretsmanager.${action}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { readonly ARN: string; readonly SecretString?: string };
  };
  return {
    create: async (name, value) =>
      (await call('CreateSecret', { Name: name, SecretString: JSON.stringify(value) })).ARN,
    read: async (arn) => {
      const { SecretString = '{}' } = await call('GetSecretValue', { SecretId: arn });
      return JSON.parse(SecretString) as { username: string; password: string };
    },
    replace: async (arn, value) => {
      await call('PutSecretValue', { SecretId: arn, SecretString: JSON.stringify(value) });
    },
  };
}
