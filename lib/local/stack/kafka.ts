import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, runToEnd, startChild, type Child } from './child-process.ts';
import { StackError } from './errors.ts';
import { findJava, kafkaJars } from './kafka-jars.ts';
import { waitForKafka } from './kafka-admin.ts';
import { endLeftover, rememberChild } from './leftover.ts';
import { freePort, loopback, requireFreePort } from './ports.ts';
import { makePrivateDirectory, runningProgram, type RunningProgram } from './program.ts';

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
export interface RunningKafka extends RunningProgram {
  readonly brokers: string[];
}

/**
 * Only the client compiler, and the simplest collector: faster to start, and enough for a laptop. A young
 * generation of 32 MB, since a broker keeps almost nothing of what it allocates, and the default (a third of
 * the heap) stays resident once touched.
 */
const javaOptions = [
  '-Xmx512m',
  '-Xmn32m',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:+PerfDisableSharedMem',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Djava.io.tmpdir=tmp',
  '-cp',
  'jars/*',
];

/**
 * Starts Kafka on the loopback interface and waits until each partition has a leader. Its records survive
 * restarts.
 *
 * It runs inside its folder, and all its paths are relative to that: in properties files, lists and class
 * paths, characters such as commas, spaces, colons and backslashes have special meanings, and letters beyond
 * ISO-8859-1 are misread.
 * @throws StackError `JAVA_MISSING`, `MAVEN_MISSING`, `DOWNLOAD_FAILED`, `PORT_TAKEN`, `ALREADY_RUNNING` or
 * `KAFKA_FAILED`
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const { directory, port, signal } = options;
  const java = await findJava(options.javaHome);
  const jars = await kafkaJars(options.downloadDirectory, { signal });
  const pidFile = join(directory, 'broker.json');
  await makePrivateDirectory(directory);
  await mkdir(join(directory, 'tmp'), { recursive: true });
  await endLeftover(pidFile, directory, 'SIGTERM');
  await requireFreePort(port, 'Kafka', 'KAFKA_PORT');
  await link(jars, join(directory, 'jars'));
  await writeFile(join(directory, properties), serverProperties(port, await freePort()), { mode: 0o600 });
  await formatOnce(java, directory, signal);

  const logFile = join(directory, 'kafka.log');
  const marker = `-Dopenorder.directory=${directory}`; // a later start recognises it by this
  const child = await startChild(java, [...javaOptions, marker, 'kafka.Kafka', properties], {
    logFile,
    orphanSignal: 'SIGTERM',
    environment: javaEnvironment(),
    workingDirectory: directory,
  });
  const brokers = [`${loopback}:${port}`];
  await rememberChild(pidFile, child.pid);
  await waitUntilReady(child, brokers, signal);
  return { ...runningProgram(child, logFile, 'SIGTERM'), brokers };
}

const properties = 'server.properties';

/**
 * Java decodes file names, above all its own working directory, by the locale; in the C locale it knows only
 * ASCII.
 */
function javaEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8' };
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

/** https://kafka.apache.org/documentation/#brokerconfigs */
function serverProperties(port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${loopback}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${loopback}:${port},CONTROLLER://${loopback}:${controllerPort}`,
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'num.partitions': 3,
    'offsets.topic.num.partitions': 5,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // On a laptop no second consumer is worth waiting for; the default is 3 s.
    'group.initial.rebalance.delay.ms': 0,
    // Only the offsets topic is compacted here; the default of 128 MB is allocated in full at startup.
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    // A broker that was killed gets its partitions back after 5 s; with the default of 9 s, after 14 s.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Writes the cluster id into an empty data folder, as Kafka requires before the first start. */
async function formatOnce(java: string, directory: string, signal: AbortSignal | undefined): Promise<void> {
  const data = join(directory, 'data');
  if (existsSync(join(data, 'meta.properties'))) return;
  await rm(data, { recursive: true, force: true }); // what an interrupted formatting left
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  // With "=": a cluster id may begin with "-", and would be mistaken for an option.
  const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '--config', properties];
  try {
    await runToEnd(java, [...javaOptions, ...format], { signal, cwd: directory, env: javaEnvironment() });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StackError('KAFKA_FAILED', `Kafka could not prepare ${data}: ${reasonOf(cause)}`, { cause });
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
