import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLevel } from 'kafkajs';
import { createKafka, withAdmin } from '../lib/kafka/kafkajs/index.ts';
import { startChild, type Child } from '../lib/local/stack/child-process.ts';
import { createTopics } from '../lib/local/stack/kafka-admin.ts';
import { startKafka, type RunningKafka } from '../lib/local/stack/kafka.ts';
import { freePort } from '../lib/local/stack/ports.ts';
import { projectDirectory, readSettings } from '../lib/local/stack/settings.ts';
import { waitFor } from './support/wait.ts';

const topic = 'restarted';
const groupId = 'slow-group';

/** A broker of this test's own, which may be stopped while triggers run. */
const folder = mkdtempSync(join(tmpdir(), 'triggers-broker-'));
const callsFile = join(folder, 'calls');
let port: number;
let kafka: RunningKafka;
let service: Child | undefined;

async function startBroker(): Promise<RunningKafka> {
  const { downloadDirectory, javaHome } = readSettings();
  return startKafka({ directory: join(folder, 'kafka'), port, downloadDirectory, javaHome });
}

/** A service that has only a trigger whose calls take seconds. */
async function startTrigger(): Promise<Child> {
  const event = {
    topic,
    bootstrapServers: kafka.brokers,
    batchSize: 1,
    consumerGroupId: groupId,
    accessConfigurations: { saslScram512Auth: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker' },
  };
  const definition = {
    service: 'slow',
    provider: { name: 'aws', runtime: 'nodejs24.x', environment: { CALLS_FILE: callsFile } },
    plugins: ['serverless-offline', './triggers/index.ts'],
    functions: { slow: { handler: 'slow-trigger.handler', timeout: 10, events: [{ kafka: event }] } },
  };
  symlinkSync(join(projectDirectory, 'lib/local/event-source-mapping'), join(folder, 'triggers'));
  writeFileSync(join(folder, 'serverless.yml'), JSON.stringify(definition)); // YAML holds JSON
  copyFileSync(join(import.meta.dirname, 'support/slow-trigger.mjs'), join(folder, 'slow-trigger.mjs'));
  const script = join(projectDirectory, 'node_modules/serverless/bin/serverless.js');
  const logFile = join(folder, 'service.log');
  const started = await startChild(
    process.execPath,
    [script, 'offline', 'start', '--lambdaPort', String(await freePort())],
    { logFile, workingDirectory: folder, orphanSignal: 'SIGKILL' },
  );
  await waitFor(() => readFileSync(logFile, 'utf8').includes('Kafka triggers: running'), {
    deadlineMs: 30_000,
    what: 'the trigger to run',
  });
  return started;
}

const client = () => createKafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });

/** One record for each of the first two partitions. */
async function sendTwo(value: string): Promise<void> {
  const producer = client().producer();
  await producer.connect();
  await producer.send({ topic, messages: [0, 1].map((partition) => ({ value, partition })) });
  await producer.disconnect();
}

async function committedOffsets(): Promise<Record<number, string>> {
  const [group] = await withAdmin(client(), (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
  return Object.fromEntries((group?.partitions ?? []).map(({ partition, offset }) => [partition, offset]));
}

const calls = () => (existsSync(callsFile) ? readFileSync(callsFile, 'utf8').trimEnd().split('\n') : []);

beforeAll(async () => {
  port = await freePort();
  kafka = await startBroker();
}, 120_000);

afterAll(async () => {
  await service?.stop('SIGKILL', 1000);
  await kafka.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('when the broker goes down and comes back, during and between calls, nothing is lost and the triggers continue', async () => {
  await createTopics(kafka.brokers, [topic]);
  service = await startTrigger();
  await sendTwo('before');
  await waitFor(() => calls().length === 2, { deadlineMs: 20_000, what: 'both calls to begin' });
  await kafka.stop();
  kafka = await startBroker();
  await sendTwo('after');
  const isCommitted = async () => {
    const { 0: first, 1: second } = await committedOffsets();
    return first === '2' && second === '2';
  };
  await waitFor(isCommitted, { deadlineMs: 60_000, what: 'everything to be committed' });
  expect([...new Set(calls())].sort()).toEqual(['0/0', '0/1', '1/0', '1/1']);
  await service.stop('SIGINT', 15_000);
  expect(await service.exited).toBe(0);
}, 120_000);
