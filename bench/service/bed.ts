import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLevel, type Kafka } from 'kafkajs';
import pg from 'pg';
import { createKafka } from '../../lib/kafka/kafkajs/index.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';
import { startStack, type RunningStack } from '../../lib/local/stack/stack.ts';

/**
 * The test bed that everything is measured on: a broker, a database and a mail server of the bench's own,
 * without data.
 */
export interface Bed {
  readonly stack: RunningStack;
  readonly brokers: string[];
  readonly kafka: Kafka;
  readonly database: pg.Pool;
  readonly directory: string;
  readonly ports: { readonly http: number; readonly lambda: number; readonly limit: number };
  stop(): Promise<void>;
}

/** How many consecutive ports a bed takes, including those of the service and of a limit program. */
export const portsOfBed = 8;

/** Starts the embedded parts on `firstPort` and the ports after it. */
export async function makeBed(firstPort: number): Promise<Bed> {
  const directory = await mkdtemp(join(tmpdir(), 'openorder-bench-'));
  const [kafkaPort, kafkaUi, postgres, smtp, mail] = [0, 1, 2, 3, 4].map(
    (index) => firstPort + index,
  ) as Five;
  const defaults = readSettings({});
  const settings = { ...defaults, choice: 'embedded' as const, dataDirectory: directory };
  const stack = await startStack({
    ...settings,
    ports: { ...defaults.ports, kafka: kafkaPort, kafkaUi, postgres, smtp, mail },
  });
  const kafka = createKafka({
    brokers: stack.brokers,
    clientId: 'openorder-bench',
    logLevel: logLevel.NOTHING,
  });
  const database = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  database.on('error', () => undefined); // the server ends idle connections when it is stopped
  return {
    stack,
    brokers: stack.brokers,
    kafka,
    database,
    directory,
    ports: { http: firstPort + 5, lambda: firstPort + 6, limit: firstPort + 7 },
    async stop() {
      await database.end();
      await stack.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Five = [number, number, number, number, number];

/** Tells a program of the bench where to find what it needs, in the variables that the functions read. */
export function environmentOf({ stack }: Bed): Record<string, string> {
  return {
    OPENORDER_STACK: 'external',
    KAFKA_BROKERS: stack.brokers.join(','),
    DATABASE_URL: stack.databaseUrl,
    SMTP_URL: stack.smtpUrl,
  };
}
