import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../lib/local/stack/ports.ts';
import { readSettings, type Settings } from '../../lib/local/stack/settings.ts';
import { startStack } from '../../lib/local/stack/stack.ts';
import { keepStack } from './running-stack.ts';

/**
 * Before the integration tests: starts Kafka, PostgreSQL and a mail server of their own, on free ports and
 * with an empty data folder, and puts KAFKA_BROKERS, DATABASE_URL, SMTP_URL and MAIL_URL into the
 * environment. A Kafka and a PostgreSQL already named there are used instead.
 */
export default async function startTestStack(): Promise<void> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openorder-test-'));
  process.once('exit', () => {
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  const stack = await startStack(await testSettings(dataDirectory));
  keepStack(stack);
  process.env['OPENORDER_DATA_DIR'] = dataDirectory;
  process.env['KAFKA_BROKERS'] = stack.brokers.join(',');
  process.env['DATABASE_URL'] = stack.databaseUrl;
  process.env['SMTP_URL'] = stack.smtpUrl;
  if (stack.mailUrl) process.env['MAIL_URL'] = stack.mailUrl;
}

async function testSettings(dataDirectory: string): Promise<Settings> {
  const settings = readSettings();
  const [kafka = 0, postgres = 0, smtp = 0, mail = 0] = await Promise.all([1, 2, 3, 4].map(freePort));
  const own = { ...settings, dataDirectory, ports: { ...settings.ports, kafka, postgres, smtp, mail } };
  if (settings.choice || (settings.brokers && settings.databaseUrl)) return own;
  return { ...own, choice: 'embedded' };
}
