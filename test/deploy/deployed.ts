import {
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import { AwsClient } from 'aws4fetch';

/** What the stand-in for AWS reports to exist, not what was sent to it. */
export interface Deployed {
  readonly functions: readonly FunctionConfiguration[];
  readonly mappings: readonly EventSourceMappingConfiguration[];
  /** How many resources of each CloudFormation type the stack has; empty when there is no stack. */
  readonly resources: ReadonlyMap<string, number>;
}

/** @param environment of the stand-in */
export async function readDeployed(environment: Environment, stack: string): Promise<Deployed> {
  const access = {
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    region: environment['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
  return { ...(await functionsAndMappings(access)), resources: await resourcesOf(access, stack) };
}

type Environment = Readonly<Record<string, string>>;

interface Access {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

async function functionsAndMappings(access: Access): Promise<Pick<Deployed, 'functions' | 'mappings'>> {
  const client = new LambdaClient(access);
  const functions: FunctionConfiguration[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) functions.push(...Functions);
  const mappings: EventSourceMappingConfiguration[] = [];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, {}))
    mappings.push(...EventSourceMappings);
  client.destroy();
  return { functions, mappings };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
async function resourcesOf({ endpoint, region, credentials }: Access, stack: string) {
  const client = new AwsClient({ ...credentials, region, service: 'cloudformation' });
  const request = `${endpoint}/?Action=DescribeStackResources&Version=2010-05-15&StackName=${stack}`;
  const answer = await (await client.fetch(request)).text();
  const types = [...answer.matchAll(/<ResourceType>([^<]+)</g)].map(([, type = '']) => type);
  return new Map([...Map.groupBy(types, String)].map(([type, { length }]) => [type, length]));
}
