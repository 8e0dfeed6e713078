import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLevel, type Kafka } from 'kafkajs';
import pg from 'pg';
import { createKafka } from '../../lib/kafka/kafkajs/index.ts';
import { readState } from '../../lib/local/stack/state-file.ts';
import { offlineCommand, type RunningProgram, serviceIsReady, startProgram } from './service.ts';

/** What `npm start` runs: the service with every trigger, and everything that it starts. */
export interface Everything {
  readonly program: RunningProgram;
  readonly url: string;
  readonly kafka: Kafka;
  readonly brokers: string[];
  readonly database: pg.Pool;
  stop(): Promise<void>;
}

/** Starts it without data, on `firstPort` and the ports after it. */
export async function startEverything(firstPort: number, profileDirectory?: string): Promise<Everything> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-bench-'));
  const names = ['KAFKA_PORT', 'KAFKA_UI_PORT', 'POSTGRES_PORT', 'SMTP_PORT', 'MAIL_PORT'];
  const ports = Object.fromEntries(names.map((name, index) => [name, String(firstPort + index)]));
  const httpPort = firstPort + names.length;
  const program = await startProgram({
    name: 'service',
    command: offlineCommand(httpPort, httpPort + 1),
    readyText: serviceIsReady,
    environment: { ...ports, OPENORDER_STACK: 'embedded' },
    directory,
    profileDirectory,
  });
  const state = await readState(directory);
  if (!state) throw new Error('The service has not recorded the addresses of its parts.');
  const { brokers } = state;
  const kafka = createKafka({ brokers, clientId: 'openorder-bench', logLevel: logLevel.NOTHING });
  const database = new pg.Pool({ connectionString: state.databaseUrl, max: 2 });
  database.on('error', () => undefined); // the server ends idle connections when it is stopped
  return {
    program,
    url: `http://127.0.0.1:${httpPort}`,
    kafka,
    brokers,
    database,
    async stop() {
      await database.end();
      await program.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
