import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestBroker } from '../lib/local/event-source-mapping/testing/broker.ts';
import { eventually } from '../lib/local/event-source-mapping/testing/eventually.ts';
import {
  OfflineService,
  recordsOf,
  serviceOf,
} from '../lib/local/event-source-mapping/testing/offline-service.ts';
import { startKafka, type RunningKafka } from '../lib/local/stack/kafka.ts';
import { freePort } from '../lib/local/stack/ports.ts';
import { readSettings } from '../lib/local/stack/settings.ts';

/** A broker of this test alone, which may be stopped while triggers run. */
let directory: string;
let port: number;
let kafka: RunningKafka;
let service: OfflineService;

async function start(): Promise<RunningKafka> {
  const { downloadDirectory, javaHome } = readSettings();
  return startKafka({ directory, port, downloadDirectory, javaHome });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'triggers-broker-'));
  port = await freePort();
  kafka = await start();
}, 120_000);

afterAll(async () => {
  await service.remove();
  await kafka.stop();
  await rm(directory, { recursive: true, force: true });
});

it('when the broker goes away and comes back, in and between calls, nothing is lost and the triggers go on', async () => {
  const topic = 'restarted';
  const broker = new TestBroker(kafka.brokers);
  await broker.createTopic(topic, 2);
  const event = { bootstrapServers: kafka.brokers, batchSize: 1 };
  const extension = { MaximumBatchingWindowInSeconds: 0 };
  service = new OfflineService(serviceOf({ slow: { topic, handler: 'takeSeconds', event, extension } }));
  await service.start();
  await broker.send(
    topic,
    [0, 1].map((partition) => ({ value: 'before', partition })),
  );
  await eventually('both calls began', () => service.calls('slow').length === 2);
  await kafka.stop();
  kafka = await start();
  await broker.send(
    topic,
    [0, 1].map((partition) => ({ value: 'after', partition })),
  );
  const group = `stranger-dev-slow-${topic}`;
  await eventually(
    'everything is committed',
    async () => (await broker.committed(group, topic)).join() === '2,2',
    60_000,
  );
  const seen = service.calls('slow').flatMap(recordsOf);
  for (const partition of [0, 1]) {
    const offsets = new Set(
      seen.filter((record) => record.partition === partition).map(({ offset }) => offset),
    );
    expect([...offsets]).toEqual([0, 1]);
  }
  expect(await service.stop()).toBe(0);
}, 120_000);
