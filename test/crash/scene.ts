import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../../lib/local/stack/kafka.ts';
import { startMail } from '../../lib/local/stack/mail.ts';
import { startPostgres } from '../../lib/local/stack/postgres.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';
import { fixedPort } from '../support/fixed-port.ts';
import { launchService, type Service, type ServiceOptions } from '../support/service.ts';
import { Victim } from './victim.ts';

/**
 * The service, the broker and the database as separate processes, so that each can be hit without the others.
 */
export interface Scene {
  readonly service: Victim;
  readonly broker: Victim;
  readonly database: Victim;
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  /** Where the service answers HTTP. */
  readonly url: string;
  /** Where the customers' mails are shown. */
  readonly mailUrl: string;
  /** What the service has written since its last start. */
  serviceOutput(): string;
  /** Logs and data of all of them. */
  readonly directory: string;
  /** Ends everything that was started, and removes the directory. */
  stop(): Promise<void>;
}

/** Starts them on their own ports and data. */
export async function setScene(): Promise<Scene> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-crash-'));
  const { downloadDirectory, javaHome } = readSettings();
  const [kafka, postgres, smtp, inbox] = [
    await fixedPort(),
    await fixedPort(),
    await fixedPort(),
    await fixedPort(),
  ];
  const [httpPort, lambdaPort] = [await fixedPort(), await fixedPort()];
  const mail = await startMail({ smtp, mail: inbox });
  const broker = new Victim('broker', () =>
    startKafka({ directory: join(directory, 'kafka'), port: kafka, downloadDirectory, javaHome }),
  );
  const database = new Victim('database', () =>
    startPostgres({ directory: join(directory, 'postgres'), port: postgres }),
  );
  const brokers = [`127.0.0.1:${kafka}`];
  const databaseUrl = `postgres://openorder:openorder@127.0.0.1:${postgres}/openorder`;
  const { smtpUrl, mailUrl } = mail;
  const environment = { KAFKA_BROKERS: brokers.join(','), DATABASE_URL: databaseUrl, SMTP_URL: smtpUrl };
  let output = () => '';
  const service = new Victim('service', async () => {
    const started = await runService({ environment, dataDirectory: directory, httpPort, lambdaPort });
    output = started.output;
    return { pid: started.pid, stop: () => started.stop().then(() => undefined) };
  });
  const stop = async () => {
    await service.stop();
    await Promise.all([broker.stop(), database.stop(), mail.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await Promise.all([broker.start(), database.start()]);
    await service.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `http://localhost:${httpPort}`;
  return {
    service,
    broker,
    database,
    brokers,
    databaseUrl,
    url,
    mailUrl,
    directory,
    serviceOutput: () => output(),
    stop,
  };
}

/** Starts the service; one that does not become ready leaves nothing behind. */
async function runService(options: ServiceOptions): Promise<Service> {
  const service = await launchService(options);
  try {
    await service.ready();
  } catch (error) {
    await service.kill();
    throw error;
  }
  return service;
}
