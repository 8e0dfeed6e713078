import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { settings } from '../lib/config.ts';
import { connectTimeoutMs, queryTimeoutMs } from '../lib/postgres/database.ts';
import { logins, type Service } from '../migrations/logins.ts';
import {
  environmentOf,
  type FunctionProperties,
  functionsOf,
  keyOf,
  type MappingProperties,
  packageProduction,
  type PackagedStage,
  propertiesOf,
  type RoleProperties,
  type RouteProperties,
  secretInShell,
  type Statement,
} from './support/packaged-stage.ts';
import { stageParameters } from './support/stage-parameters.ts';

let packaged: PackagedStage;

beforeAll(async () => {
  packaged = await packageProduction();
}, 190_000);

const subnetIds = stageParameters.subnetIds.split(',');
const securityGroupIds = stageParameters.securityGroupIds.split(',');

const functions = () => functionsOf(packaged);
const mappings = () => propertiesOf<MappingProperties>(packaged, 'AWS::Lambda::EventSourceMapping');

/** The roles that functions have, each with these functions. */
function roles() {
  return Object.entries(packaged.resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([name, { Properties }]) => {
      const { Policies, ManagedPolicyArns } = Properties as unknown as RoleProperties;
      const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return {
        name,
        managed: ManagedPolicyArns,
        allowed: statements.filter(({ Effect }) => Effect === 'Allow'),
        members: functions().filter(({ Role }) => Role['Fn::GetAtt'][0] === name),
      };
    });
}

/**
 * ARNs as strings; `${AWS::Region}` and the like, which CloudFormation fills in, become `Region`. A `Ref` to
 * a secret is its ARN.
 */
function arnsOf(resource: unknown): string[] {
  return [resource].flat().map((one) => {
    if (typeof one === 'string') return one;
    const { Ref, 'Fn::Sub': arn = secretArnOf(Ref ?? '') } = one as { Ref?: string; 'Fn::Sub'?: string };
    return arn.replaceAll(/\$\{AWS::(\w+)\}/g, '$1');
  });
}

function secretArnOf(logicalId: string): string {
  expect(packaged.resources[logicalId]?.Type).toBe('AWS::SecretsManager::Secret');
  return `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${logicalId}`;
}

const actionsOf = ({ Action }: Statement) => [Action].flat();

describe('who gets in', () => {
  it('when a route requires no token, then it is one of those that return no data', () => {
    const routes = propertiesOf<RouteProperties>(packaged, 'AWS::ApiGatewayV2::Route');
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    expect(open.map(({ RouteKey }) => RouteKey).toSorted()).toEqual([
      '$default', // 404 and 405
      'GET /api/asyncapi.json',
      'GET /api/openapi.json',
      'GET /console',
      'GET /console/{proxy+}',
    ]);
  });
});

/** A service is a folder under functions/. */
const roleOfService: Readonly<Record<string, string>> = {
  order: 'OrderRole',
  inventory: 'InventoryRole',
  notification: 'NotificationRole',
  'dead-letter': 'DeadLetterRole',
  migration: 'MigrationRole',
  console: 'ConsoleRole',
  'api-documents': 'PublicRole',
  'not-found.handler': 'PublicRole',
};

describe('what the functions may do', () => {
  it('when a function runs, then it does so in the role of its service, and no other role exists', () => {
    for (const { Handler, Role } of functions()) {
      const service = Handler.split('/')[1] ?? '';
      expect([Handler, Role['Fn::GetAtt'][0]]).toEqual([Handler, roleOfService[service]]);
    }
    const names = roles().map(({ name }) => name);
    expect(names.toSorted()).toEqual([...new Set(Object.values(roleOfService))].toSorted());
  });

  it('when a role allows something, then the actions are spelled out', () => {
    for (const { allowed } of roles())
      expect(allowed.flatMap(actionsOf).join(' ')).toMatch(/^[a-z]+:\w+( [a-z0-9]+:\w+)*$/);
  });

  it('when a role allows something, then by ARN, except for what has none', () => {
    for (const statement of roles().flatMap(({ allowed }) => allowed)) {
      if (statement.NotResource !== undefined) {
        expect(statement).toMatchObject({ Action: 'sns:Publish', NotResource: 'arn:aws:sns:*:*:*' });
      } else if (statement.Resource === '*') {
        const describing = ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'];
        expect(statement.Action).toEqual(describing);
      } else {
        for (const arn of arnsOf(statement.Resource))
          expect(arn).toMatch(/^arn:(aws|Partition):[a-z]+:[^*:]+:[^*:]+:[^*].*$/);
      }
    }
  });

  it("when a role has a policy of AWS's, then it is the one for network interfaces", () => {
    for (const { managed } of roles()) {
      expect(managed.flatMap(arnsOf)).toEqual([
        'arn:Partition:iam::aws:policy/service-role/AWSLambdaENIManagementAccess',
      ]);
    }
  });

  it.each([
    ['reads the login of Kafka', stageParameters.kafkaSecretArn, 'KAFKA_SECRET_ARN'],
    ['decrypts the login of Kafka', stageParameters.kafkaKeyArn, 'KAFKA_SECRET_ARN'],
    ['sends mails', ':ses:', 'MAIL_FROM'],
    ['sends SMS', 'arn:aws:sns:*:*:*', 'SMS_REGION'],
  ])('when a role %s, then one of its functions does, and vice versa', (_what, arn, setting) => {
    for (const { name, allowed, members } of roles()) {
      const resources = allowed.flatMap(({ Resource, NotResource }) => arnsOf(Resource ?? NotResource));
      const needed = members.some((one) => setting in environmentOf(one));
      expect([name, resources.some((resource) => resource.includes(arn))]).toEqual([name, needed]);
    }
  });

  it('when a role reads a login to PostgreSQL, then it is that of its service; migrate reads all', () => {
    const secrets = Object.keys(packaged.resources).filter((id) => id.endsWith('Login'));
    expect(secrets.toSorted()).toEqual([
      'DeadLetterLogin',
      'InventoryLogin',
      'NotificationLogin',
      'OrderLogin',
    ]);
    for (const { name, allowed } of roles()) {
      const arns = allowed.flatMap(({ Resource }) => (Resource === undefined ? [] : arnsOf(Resource)));
      const own = secrets.filter((id) => name === 'MigrationRole' || name === id.replace('Login', 'Role'));
      expect([name, secrets.filter((id) => arns.some((arn) => arn.endsWith(`:${id}`)))]).toEqual([name, own]);
      const isAdmin = arns.includes(stageParameters.databaseAdminSecretArn);
      expect([name, isAdmin]).toEqual([name, name === 'MigrationRole']);
    }
  });

  it("when a function logs in to PostgreSQL, then as its service, with its service's secret, over verified TLS", () => {
    const using = functions().filter((one) => 'DATABASE_URL' in environmentOf(one));
    expect(using.length).toBeGreaterThan(10);
    for (const one of using.filter((each) => keyOf(each) !== 'migrate')) {
      const { DATABASE_URL, DATABASE_SECRET_ARN } = environmentOf(one);
      const url = new URL(String(DATABASE_URL));
      const service = one.Handler.split('/')[1] as Service;
      const role = roleOfService[service] ?? '';
      expect([url.username, url.password]).toEqual([logins[service].role, '']);
      expect(url.search).toBe('?sslmode=verify-full&sslrootcert=/var/runtime/ca-cert.pem');
      expect(DATABASE_SECRET_ARN).toEqual({ Ref: role.replace('Role', 'Login') });
    }
  });

  it('when a function is deployed, then it is in the subnets from which brokers and database can be reached', () => {
    for (const { VpcConfig } of functions())
      expect(VpcConfig).toEqual({ SecurityGroupIds: securityGroupIds, SubnetIds: subnetIds });
  });

  it('when a function logs, then its logs are kept for 30 days', () => {
    const groups = propertiesOf<{ LogGroupName: string; RetentionInDays?: number }>(
      packaged,
      'AWS::Logs::LogGroup',
    );
    const kept = groups.filter(({ RetentionInDays }) => RetentionInDays === 30);
    for (const { FunctionName } of functions())
      expect(kept.map(({ LogGroupName }) => LogGroupName)).toContain(`/aws/lambda/${FunctionName}`);
  });
});

/** The settings that a function's bundle reads: `setting("NAME")`, whatever `setting` is called there. */
function settingsReadBy({ Handler, ...one }: FunctionProperties): string[] {
  const folder = join(packaged.output, keyOf({ Handler, ...one }), dirname(Handler));
  const code = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  return Object.keys(settings).filter((name) => new RegExp(`[\\w$]\\(["'\`]${name}["'\`]\\)`).test(code));
}

/** Lambda gives every function its name and its role's keys; nothing sets what belongs to a laptop. */
const notGiven = /^(AWS_|IS_OFFLINE$|AUTH_OPEN$)/;

describe('what the functions are given', () => {
  it('when a function reads a setting, then it is given it, and it is given no other', () => {
    const ofLaptop = new Set(['FAULT_SKU', 'LOOPBACK_CONTACTS']);
    for (const one of functions()) {
      const read = settingsReadBy(one).filter((name) => !notGiven.test(name) && !ofLaptop.has(name));
      expect([keyOf(one), Object.keys(environmentOf(one)).toSorted()]).toEqual([keyOf(one), read.toSorted()]);
    }
  });

  it('when the shell of the deployment holds secrets, then nothing that is uploaded does', () => {
    const files = readdirSync(packaged.output, { withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.filter(({ name }) => name.endsWith('.json')).map(({ name }) => name);
    expect(texts.toSorted()).toEqual([
      'cloudformation-template-create-stack.json',
      'cloudformation-template-update-stack.json',
      'serverless-state.json',
    ]);
    for (const name of texts)
      expect(readFileSync(join(packaged.output, name), 'utf8')).not.toContain(secretInShell);
  });

  it('when a setting could hold a secret, then it is empty, or names one', () => {
    for (const one of functions()) {
      for (const [name, value] of Object.entries(environmentOf(one))) {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        expect([name, text]).not.toEqual([name, expect.stringMatching(/:\/\/[^/]*:[^/]*@/)]);
        if (/PASSWORD|PRIVATE|TOKEN/.test(name)) expect([name, text]).toEqual([name, '']);
        if (/SECRET/.test(name))
          expect([name, text]).toEqual([name, expect.stringMatching(/^(|arn:.*|\{"(Ref|Fn::Sub)".*)$/)]);
      }
    }
  });

  it('when a path is unknown, then the function that answers is given nothing', () => {
    const [notFound] = functions().filter((one) => keyOf(one) === 'notFound');
    expect(notFound).toBeDefined();
    expect(notFound).not.toHaveProperty('Environment');
  });
});

describe('what the triggers reach', () => {
  it('when brokers are private, then each trigger has the subnets and the security group to reach them, and its login', () => {
    expect(mappings().length).toBeGreaterThan(0);
    for (const mapping of mappings()) {
      expect(mapping.SourceAccessConfigurations.toSorted((a, b) => (a.URI < b.URI ? -1 : 1))).toEqual([
        { Type: 'SASL_SCRAM_512_AUTH', URI: stageParameters.kafkaSecretArn },
        ...securityGroupIds.map((id) => ({ Type: 'VPC_SECURITY_GROUP', URI: `security_group:${id}` })),
        ...subnetIds.map((id) => ({ Type: 'VPC_SUBNET', URI: `subnet:${id}` })),
      ]);
      expect(mapping.SelfManagedEventSource.Endpoints.KafkaBootstrapServers).toEqual([
        'broker-1.example:9096',
        'broker-2.example:9096',
      ]);
    }
  });

  it('when a function has a trigger, then its role finds the network of the brokers', () => {
    const triggered = new Set(mappings().map(({ FunctionName }) => FunctionName['Fn::GetAtt'][0]));
    for (const { name, allowed, members } of roles()) {
      const finds = allowed.flatMap(actionsOf).includes('ec2:DescribeSubnets');
      const reads = members.some((one) =>
        [...triggered].some((id) => id.toLowerCase().startsWith(keyOf(one).toLowerCase())),
      );
      expect([name, finds]).toEqual([name, reads]);
    }
  });
});

describe('what bounds a stage', () => {
  it('when the database does not answer, then a function gives up on it before its own timeout', () => {
    const users = functions().filter((one) => 'DATABASE_URL' in environmentOf(one));
    expect(users.length).toBeGreaterThan(20);
    for (const { Handler, Timeout } of users) {
      expect([Handler, Timeout * 1_000 > connectTimeoutMs + queryTimeoutMs]).toEqual([Handler, true]);
    }
  });

  it('when all containers of all functions run at once, then PostgreSQL has a connection for each and some left', () => {
    const connected = functions().filter((one) => 'DATABASE_URL' in environmentOf(one));
    expect(connected.length).toBeGreaterThan(0);
    for (const one of connected) {
      expect([keyOf(one), one.ReservedConcurrentExecutions]).toEqual([keyOf(one), expect.any(Number)]);
    }
    const containers = connected.reduce(
      (sum, { ReservedConcurrentExecutions = 0 }) => sum + ReservedConcurrentExecutions,
      0,
    );
    expect(containers).toBeLessThanOrEqual(95); // of 100, which PostgreSQL takes unless told otherwise
  });

  it('when a trigger falls behind, then each partition that it reads may have a container', () => {
    const topicsOf = Map.groupBy(mappings(), ({ FunctionName }) => FunctionName['Fn::GetAtt'][0]);
    for (const [logicalId, { length }] of topicsOf) {
      const { ReservedConcurrentExecutions } = packaged.resources[logicalId]
        ?.Properties as unknown as FunctionProperties;
      expect([logicalId, ReservedConcurrentExecutions]).toEqual([logicalId, 3 * length]);
    }
  });

  it('when requests pour in, then the gateway throttles every route', () => {
    expect(propertiesOf<object>(packaged, 'AWS::ApiGatewayV2::Stage')).toMatchObject([
      {
        DefaultRouteSettings: {
          DetailedMetricsEnabled: false,
          ThrottlingRateLimit: 200,
          ThrottlingBurstLimit: 100,
        },
      },
    ]);
  });

  it('when packages are kept in a bucket, then nobody can make it public', () => {
    expect(propertiesOf<object>(packaged, 'AWS::S3::Bucket')).toMatchObject([
      {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    ]);
  });
});
