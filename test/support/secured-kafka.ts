import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd, startChild } from '../../lib/local/stack/child-process.ts';
import { waitForKafka } from '../../lib/local/stack/kafka-admin.ts';
import { findJava, kafkaJars } from '../../lib/local/stack/kafka-jars.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';

/** A broker that lets nobody in without TLS and SASL/SCRAM-SHA-512, as MSK does. */
export interface SecuredKafka {
  /** Where clients connect with SASL_SSL. */
  readonly brokers: string[];
  /** Where the test itself connects, without a login. */
  readonly openBrokers: string[];
  /** The broker's self-signed certificate; PEM. */
  readonly certificate: string;
  stop(): Promise<void>;
}

const storePassword = 'changeit';

/** Starts it with one user, and topics of one partition. */
export async function startSecuredKafka(user: { name: string; password: string }): Promise<SecuredKafka> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-secured-'));
  const { downloadDirectory, javaHome } = readSettings();
  const java = await findJava(javaHome);
  const jars = await kafkaJars(downloadDirectory);
  const [secured, open, controller] = [await freePort(), await freePort(), await freePort()];
  await makeCertificate(directory);
  await writeFile(join(directory, 'server.properties'), propertiesOf({ secured, open, controller }));
  const kafka = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', join(jars, '*')];
  const scram = `SCRAM-SHA-512=[name=${user.name},password=${user.password}]`;
  const format = ['format', '--cluster-id=MkU3OEVBNTcwNTJENDM2Qk', '--config', 'server.properties'];
  await runToEnd(java, [...kafka, 'kafka.tools.StorageTool', ...format, '--add-scram', scram], {
    cwd: directory,
  });
  const child = await startChild(java, [...kafka, 'kafka.Kafka', 'server.properties'], {
    logFile: join(directory, 'kafka.log'),
    orphanSignal: 'SIGTERM',
    workingDirectory: directory,
  });
  const openBrokers = [`127.0.0.1:${open}`];
  await waitForKafka(openBrokers);
  return {
    brokers: [`localhost:${secured}`],
    openBrokers,
    certificate: await readFile(join(directory, 'broker.pem'), 'utf8'),
    async stop() {
      await child.stop('SIGTERM', 6_000);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function makeCertificate(directory: string): Promise<void> {
  const store = ['-keystore', 'broker.p12', '-storepass', storePassword, '-alias', 'broker'];
  const key = ['-keyalg', 'RSA', '-storetype', 'PKCS12', '-validity', '2', '-dname', 'CN=localhost'];
  const names = ['-ext', 'san=dns:localhost,ip:127.0.0.1', '-ext', 'bc:c'];
  await runToEnd('keytool', ['-genkeypair', ...store, ...key, ...names], { cwd: directory });
  await runToEnd('keytool', ['-exportcert', '-rfc', ...store, '-file', 'broker.pem'], { cwd: directory });
}

/** https://kafka.apache.org/documentation/#security_sasl_scram */
function propertiesOf(ports: { secured: number; open: number; controller: number }): string {
  const { secured, open, controller } = ports;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `SASL_SSL://localhost:${secured},PLAINTEXT://127.0.0.1:${open},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': 'broker.p12',
    'ssl.keystore.password': storePassword,
    'ssl.key.password': storePassword,
    'log.dirs': 'data',
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
