import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { startChild, type Child } from '../../lib/local/stack/child-process.ts';
import { createTopics } from '../../lib/local/stack/kafka-admin.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { waitFor } from '../support/wait.ts';
import type { Node } from './install.ts';

const topic = 'greetings';

/**
 * Starts the service and sends it a record.
 * @returns what was seen
 * @throws Error with the service's output when something of it does not happen
 */
export async function exercise(service: string, node: Node, brokers: string[]): Promise<string[]> {
  await renewTopic(brokers);
  const logFile = join(service, `node-${node.version}.log`);
  const child = await startOffline(service, node, brokers, logFile);
  const output = () => readFileSync(logFile, 'utf8');
  try {
    await waitForOutput(output, child, 'Kafka triggers: running');
    await send(brokers, 'hello');
    for (const line of ['module: hello', 'CommonJS: hello', 'Python: hello'])
      await waitForOutput(output, child, line);
    await waitForOutput(output, child, 'failOnce: attempt 1 with offsets 0');
    await waitForOutput(output, child, 'failOnce: attempt 2 with offsets 0');
    await child.stop('SIGINT', 15_000);
    const code = await child.exited;
    if (code !== 0) throw new Error(`Ctrl-C ended it with ${code ?? 'a signal'}`);
    return ['records delivered to ESM, CommonJS and Python', 'failed batch retried', 'Ctrl-C ended it'];
  } catch (cause) {
    throw new Error(`${service} with Node ${node.version}:\n${output()}`, { cause });
  } finally {
    await child.stop('SIGKILL', 1000);
  }
}

async function startOffline(service: string, node: Node, brokers: string[], logFile: string): Promise<Child> {
  const [httpPort, lambdaPort] = [await freePort(), await freePort()];
  const script = join(service, 'node_modules/serverless/bin/serverless.js');
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  return startChild(node.program, [script, 'offline', 'start', ...ports], {
    logFile,
    workingDirectory: service,
    environment: { ...process.env, KAFKA_BROKERS: brokers.join(','), SLS_TELEMETRY_DISABLED: '1' },
    orphanSignal: 'SIGKILL',
  });
}

async function waitForOutput(output: () => string, child: Child, text: string): Promise<void> {
  const what = `the output "${text}"`;
  await waitFor(() => child.hasExited() || output().includes(text), { deadlineMs: 60_000, what });
  if (!output().includes(text)) throw new Error(`it ended before "${text}"`);
}

async function renewTopic(brokers: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const exists = (await admin.listTopics()).includes(topic);
  if (exists) await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  await createTopics(brokers, [topic]);
}

async function send(brokers: string[], value: string): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
}
