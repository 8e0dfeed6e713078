import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { Kafka, logLevel } from 'kafkajs';
import { closeClients } from '../../lib/local/stack/invoke-local.ts';
import { projectDirectory } from '../../lib/local/stack/settings.ts';
import { readDeployed } from '../deploy/deployed.ts';
import { type StandIn, startStandIn } from '../deploy/stand-in.ts';
import { type SecuredKafka, startSecuredKafka } from '../support/secured-kafka.ts';
import { type SecuredPostgres, startSecuredPostgres } from '../support/secured-postgres.ts';
import { parameterOptions, stageParameters } from '../support/stage-parameters.ts';
import { type SigningKey, signingKey, trusted } from '../support/tokens.ts';
import { DeployedFunction, type Invocation, type Surroundings } from './deployed-function.ts';
import { installLambdaRuntime } from './lambda-runtime.ts';
import { countSentMails, verifySender } from './mails.ts';
import { type Secrets, secretsOf } from './secrets.ts';
import { Trigger } from './trigger.ts';

const run = promisify(execFile);
const stack = 'openorder-production';
const kafkaLogin = { username: 'openorder', password: 'kafka-secret' };

/** The deployed stage on this machine. */
export interface Cloud {
  readonly secrets: Secrets;
  /** The key of the issuer whose tokens the functions trust. */
  readonly signingKey: SigningKey;
  /** As PostgreSQL's administrator. */
  readonly databaseUrl: string;
  /** Invokes a function by its key; its container is started the first time. */
  invoke(key: string, event: unknown): Promise<Invocation>;
  /** Delivers what is new on a topic to a function. */
  deliver(topic: string, key: string): Promise<Invocation>;
  publish(topic: string, value: string): Promise<void>;
  /** How many mails SES has accepted. */
  sentMails(): Promise<number>;
  settingOf(key: string, name: string): string;
  timesByFunction(): string[];
  close(): Promise<void>;
}

/** Starts everything and deploys. */
export async function openCloud(): Promise<Cloud> {
  const closers: (() => Promise<unknown>)[] = [];
  const opened = async <Part extends { stop(): Promise<void> }>(part: Promise<Part>): Promise<Part> => {
    const started = await part;
    closers.push(() => started.stop());
    return started;
  };
  const close = async () => {
    await closeClients();
    for (const end of closers.splice(0).toReversed()) await end();
  };
  try {
    const runtime = await installLambdaRuntime();
    const standIn = await opened(startStandIn());
    const kafka = await opened(
      startSecuredKafka({ name: kafkaLogin.username, password: kafkaLogin.password }),
    );
    const postgres = await opened(startSecuredPostgres());
    const directory = await mkdtemp(join(tmpdir(), 'openorder-zips-'));
    await chmod(directory, 0o755);
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const key = await signingKey('test');
    await deploy({ standIn, kafka, postgres, key });
    const { functions } = await readDeployed(standIn.environment, stack);
    const certificate = join(directory, 'broker.pem');
    await writeFile(certificate, kafka.certificate);
    const environment = { ...standIn.environment, NODE_EXTRA_CA_CERTS: certificate };
    const containers = new Containers(functions, { runtime, directory, environment });
    closers.push(() => containers.stop());
    return cloudOf({ standIn, kafka, postgres, key, containers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly standIn: StandIn;
  readonly kafka: SecuredKafka;
  readonly postgres: SecuredPostgres;
  readonly key: SigningKey;
}

/** Deploys as docs/aws.md says; only the certificates' file differs. */
async function deploy({ standIn, kafka, postgres, key }: Parts): Promise<void> {
  const secrets = secretsOf(standIn);
  await verifySender(standIn, 'orders@shop.example'); // of stageParameters.mailFrom
  const { username, password } = new URL(postgres.databaseUrl);
  const parameters = {
    ...stageParameters,
    kafkaBrokers: kafka.brokers.join(','),
    kafkaSecretArn: await secrets.create('AmazonMSK_openorder', kafkaLogin),
    authIssuer: trusted.issuer,
    authAudience: trusted.audience,
    authJwks: JSON.stringify({ keys: [key.published] }),
    databaseHost: 'localhost',
    databasePort: String(postgres.port),
    databaseCa: postgres.authority,
    databaseAdminSecretArn: await secrets.create('openorder-admin', { username, password }),
  };
  const serverless = join(projectDirectory, 'node_modules', '.bin', 'serverless');
  const startedAt = performance.now();
  await run(serverless, ['deploy', '--stage', 'production', ...parameterOptions(parameters)], {
    cwd: projectDirectory,
    env: { ...process.env, ...standIn.environment },
  });
  console.log(`deployed in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}

/** The functions that were started, by key. */
class Containers {
  readonly #configurations: ReadonlyMap<string, FunctionConfiguration>;
  readonly #surroundings: Surroundings;
  readonly #started = new Map<string, DeployedFunction>();

  constructor(functions: readonly FunctionConfiguration[], surroundings: Surroundings) {
    const byKey = functions.map((one) => [one.FunctionName?.split('-').at(-1) ?? '', one] as const);
    this.#configurations = new Map(byKey);
    this.#surroundings = surroundings;
  }

  configuration(key: string): FunctionConfiguration {
    const found = this.#configurations.get(key);
    if (!found) throw new Error(`No function ${key} was deployed.`);
    return found;
  }

  async get(key: string): Promise<DeployedFunction> {
    const running = this.#started.get(key);
    if (running) return running;
    const started = await DeployedFunction.start(this.configuration(key), this.#surroundings);
    this.#started.set(key, started);
    return started;
  }

  times(): string[] {
    return [...this.#started.values()].map(({ name, times: [first = 0, ...warm] }) => {
      const best = warm.length > 0 ? `, warm ${Math.min(...warm)} ms` : '';
      return `  ${name}: first ${first} ms${best}`;
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#started.values()].map((one) => one.stop()));
  }
}

interface OpenedCloud extends Parts {
  readonly containers: Containers;
  readonly close: () => Promise<void>;
}

function cloudOf({ standIn, kafka, postgres, key, containers, close }: OpenedCloud): Cloud {
  const triggers = new Map<string, Trigger>();
  return {
    secrets: secretsOf(standIn),
    signingKey: key,
    databaseUrl: postgres.databaseUrl,
    invoke: async (name, event) => (await containers.get(name)).invoke(event),
    async deliver(topic, name) {
      const target = await containers.get(name);
      const trigger = triggers.get(`${topic} ${name}`) ?? new Trigger(topic, kafka.openBrokers);
      triggers.set(`${topic} ${name}`, trigger);
      return trigger.deliver(target);
    },
    publish: (topic, value) => publish(kafka.openBrokers, topic, value),
    sentMails: () => countSentMails(standIn),
    settingOf: (name, setting) => containers.configuration(name).Environment?.Variables?.[setting] ?? '',
    timesByFunction: () => containers.times(),
    close,
  };
}

async function publish(brokers: string[], topic: string, value: string): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ key: 'broken', value }] });
  await producer.disconnect();
}
