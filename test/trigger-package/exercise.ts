import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { capturedRecords } from '../../lib/local/event-source-mapping/testing/serialized-records.ts';
import { StandInRegistry } from '../../lib/local/event-source-mapping/testing/stand-in-registry.ts';
import { startChild, type Child } from '../../lib/local/stack/child-process.ts';
import { createTopics } from '../../lib/local/stack/kafka-admin.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { waitFor } from '../support/wait.ts';
import type { Node } from './install.ts';

const topics = ['greetings', 'orders'];

const [captured] = capturedRecords();

/** How the JSON of each captured order begins. */
const orders = [
  ['avro', '{"orderId":9007199254740993,'],
  ['protobuf', '{"orderId":"9007199254740993",'],
  ['json', '{"orderId":5,'],
] as const;

/**
 * Starts the service and sends it a record.
 * @returns what was seen
 * @throws Error with the service's output when something expected does not happen
 */
export async function exercise(service: string, node: Node, brokers: string[]): Promise<string[]> {
  await renewTopics(brokers);
  const registry = new StandInRegistry(captured?.schemas);
  await registry.start();
  const logFile = join(service, `node-${node.version}.log`);
  const child = await startOffline(service, node, { brokers, registry: registry.url, logFile });
  const output = () => readFileSync(logFile, 'utf8');
  try {
    await waitForOutput(output, child, 'Kafka triggers: running');
    await send(brokers, 'greetings', [{ value: 'hello' }]);
    for (const line of ['module: hello', 'CommonJS: hello', 'Python: hello'])
      await waitForOutput(output, child, line);
    await waitForOutput(output, child, 'failOnce: attempt 1 with offsets 0');
    await waitForOutput(output, child, 'failOnce: attempt 2 with offsets 0');
    await exerciseOrders(brokers, (text) => waitForOutput(output, child, text));
    await child.stop('SIGINT', 15_000);
    const code = await child.exited;
    if (code !== 0) throw new Error(`Ctrl-C ended it with ${code ?? 'a signal'}`);
    return [
      'records delivered to ESM, CommonJS and Python',
      'failed batch retried',
      'Avro, Protobuf and JSON Schema decoded',
      'one call held three partitions',
      'Ctrl-C ended it',
    ];
  } catch (cause) {
    throw new Error(`${service} with Node ${node.version}:\n${output()}`, { cause });
  } finally {
    await child.stop('SIGKILL', 1000);
    await registry.stop();
  }
}

/** One record of each format, each in its own partition. */
async function exerciseOrders(brokers: string[], seen: (text: string) => Promise<void>): Promise<void> {
  const messages = orders.map(([name], partition) => ({ value: bytesOf(name), partition }));
  await send(brokers, 'orders', messages);
  await seen('partitions: orders-0 orders-1 orders-2');
  for (const [, json] of orders) {
    await seen(`module: ${json}`);
    await seen(`Python: ${json}`);
  }
}

function bytesOf(name: string): Buffer {
  const record = captured?.records.find((one) => one.name === name);
  return Buffer.from(record?.bytes ?? '', 'base64');
}

async function startOffline(
  service: string,
  node: Node,
  { brokers, registry, logFile }: { brokers: string[]; registry: string; logFile: string },
): Promise<Child> {
  const [httpPort, lambdaPort] = [await freePort(), await freePort()];
  const script = join(service, 'node_modules/serverless/bin/serverless.js');
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  return startChild(node.program, [script, 'offline', 'start', ...ports], {
    logFile,
    workingDirectory: service,
    environment: {
      ...process.env,
      KAFKA_BROKERS: brokers.join(','),
      SCHEMA_REGISTRY: registry,
      SLS_TELEMETRY_DISABLED: '1',
    },
    orphanSignal: 'SIGKILL',
  });
}

async function waitForOutput(output: () => string, child: Child, text: string): Promise<void> {
  const what = `the output "${text}"`;
  await waitFor(() => child.hasExited() || output().includes(text), { deadlineMs: 60_000, what });
  if (!output().includes(text)) throw new Error(`it exited before "${text}"`);
}

async function renewTopics(brokers: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const existing = await admin.listTopics();
  await admin.deleteTopics({ topics: topics.filter((topic) => existing.includes(topic)) });
  await admin.disconnect();
  await createTopics(brokers, topics);
}

async function send(brokers: string[], topic: string, messages: Message[]): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}
