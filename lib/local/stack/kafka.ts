import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd, startChild, type Child } from './child-process.ts';
import { StackError } from './errors.ts';
import { findJava, kafkaJars } from './kafka-jars.ts';
import { waitForKafka } from './kafka-admin.ts';
import { endLeftover, rememberChild } from './leftover.ts';
import { freePort, loopback, requireFreePort } from './ports.ts';

/** What {@link startKafka} needs to know. */
export interface KafkaOptions {
  /** Where records, configuration and log are kept; absolute. */
  readonly directory: string;
  readonly port: number;
  /** Where the jars are kept. */
  readonly downloadDirectory: string;
  readonly javaHome?: string | undefined;
  /** Ends the start early; what was started by then is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** An embedded Apache Kafka: one node, broker and controller (KRaft). */
export interface RunningKafka {
  readonly brokers: string[];
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/**
 * The client compiler only and the simplest collector: less to start, and enough for one laptop. A young generation of 32 MB,
 * since a broker keeps almost nothing of what it allocates, and the default (a third of the heap) stays resident once touched.
 */
const javaOptions = [
  '-Xmx512m',
  '-Xmn32m',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:+PerfDisableSharedMem',
];

/**
 * Starts Kafka on the loopback interface and waits until each partition has a leader. Its records survive restarts.
 * @throws StackError `JAVA_MISSING`, `MAVEN_MISSING`, `DOWNLOAD_FAILED`, `PORT_TAKEN`, `ALREADY_RUNNING` or `KAFKA_FAILED`
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const { directory, port, signal } = options;
  const java = await findJava(options.javaHome);
  const jars = await kafkaJars(options.downloadDirectory, { signal });
  const pidFile = join(directory, 'broker.json');
  await mkdir(join(directory, 'tmp'), { recursive: true });
  await endLeftover(pidFile, directory, 'SIGTERM');
  await requireFreePort(port, 'Kafka', 'KAFKA_PORT');

  const properties = join(directory, 'server.properties');
  await writeFile(properties, serverProperties(directory, port, await freePort()));
  const javaArguments = [...javaOptions, ...systemProperties(directory), '-cp', join(jars, '*')];
  await formatOnce(java, javaArguments, directory, properties, signal);

  const child = await startChild(java, [...javaArguments, 'kafka.Kafka', properties], {
    logFile: join(directory, 'kafka.log'),
    orphanSignal: 'SIGTERM',
  });
  await rememberChild(pidFile, child.pid);
  const brokers = [`${loopback}:${port}`];
  await waitUntilReady(child, brokers, signal);
  return { brokers, pid: child.pid, stop: () => child.stop('SIGTERM', 6000) };
}

/** https://kafka.apache.org/documentation/#brokerconfigs */
function serverProperties(directory: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${loopback}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${loopback}:${port},CONTROLLER://${loopback}:${controllerPort}`,
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': false,
    'num.partitions': 3,
    'offsets.topic.num.partitions': 5,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // No second consumer is worth waiting for on a laptop; the default is 3 s.
    'group.initial.rebalance.delay.ms': 0,
    // Only the offsets topic is compacted here; the default of 128 MB is allocated whole at the start.
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    // A broker that was killed gets its partitions back after 5 s; with the default of 9 s, after 14 s.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function systemProperties(directory: string): string[] {
  return ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', `-Djava.io.tmpdir=${join(directory, 'tmp')}`];
}

/** Writes the cluster id into an empty data folder, as Kafka demands before the first start. */
async function formatOnce(
  java: string,
  javaArguments: readonly string[],
  directory: string,
  properties: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const data = join(directory, 'data');
  if (existsSync(join(data, 'meta.properties'))) return;
  await rm(data, { recursive: true, force: true }); // what an interrupted formatting left
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  // With "=": a cluster id may begin with "-", and would be taken for an option.
  const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '--config', properties];
  try {
    await runToEnd(java, [...javaArguments, ...format], { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StackError('KAFKA_FAILED', `Kafka could not prepare ${data}: ${String(cause)}`, { cause });
  }
}

async function waitUntilReady(
  child: Child,
  brokers: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const failure = new AbortController();
  void child.exited.then(() => {
    failure.abort(new Error('the broker has ended'));
  });
  const signals = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  try {
    await waitForKafka(brokers, signals);
  } catch (cause) {
    await child.stop('SIGTERM', 3000);
    signal?.throwIfAborted();
    throw new StackError('KAFKA_FAILED', `Kafka did not start:\n${await child.lastOutput()}`, { cause });
  }
}
