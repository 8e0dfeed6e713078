import { randomUUID } from 'node:crypto';
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { closeClients } from '../local/stack/invoke-local.ts';
import { createTopics } from '../local/stack/kafka-admin.ts';
import { waitFor } from '../../test/support/wait.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import type { OutgoingRecord } from './records.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const topic = `publisher-${randomUUID()}`;
const received: { partition: number; message: KafkaMessage }[] = [];

const consumer = kafka.consumer({ groupId: `group-${topic}` });
let publisher: Publisher;

beforeAll(async () => {
  await createTopics(brokers, [topic]);
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message }) => {
      received.push({ partition, message });
      return Promise.resolve();
    },
  });
  publisher = createPublisher({ brokers });
}, 60_000);

afterAll(async () => {
  await consumer.disconnect();
  await closeClients();
});

/** Publishes records and gives back how they arrived. */
async function roundTrip(...records: Omit<OutgoingRecord, 'topic'>[]) {
  const before = received.length;
  await publisher.publish(records.map((record) => ({ ...record, topic })));
  await waitFor(() => received.length >= before + records.length, {
    deadlineMs: 20_000,
    what: 'the records',
  });
  return received.slice(before);
}

describe('publishing to a real broker', () => {
  it('when key, value and headers are any bytes, arrive as they were', async () => {
    const bytes = Buffer.from([0, 255, 128]);
    const headers = ['h', 'constructor', '__proto__', 'toString', 'h'].map((name, index) => ({
      name,
      value: Buffer.from([index, 255]),
    }));
    const [one] = await roundTrip({ key: bytes, value: bytes, headers });
    expect(one?.message).toMatchObject({ key: bytes, value: bytes });
    const arrived = Object.entries(one?.message.headers ?? {});
    expect(arrived).toContainEqual(['h', [Buffer.from([0, 255]), Buffer.from([4, 255])]]);
    // The consumer of kafkajs puts what every object inherits before the values of such names.
    const lastOf = (wanted: string) =>
      arrived
        .filter(([name]) => name === wanted)
        .flatMap(([, value]) => value)
        .at(-1);
    expect(lastOf('constructor')).toEqual(Buffer.from([1, 255]));
    expect(lastOf('__proto__')).toEqual(Buffer.from([2, 255]));
    expect(lastOf('toString')).toEqual(Buffer.from([3, 255]));
  });

  it('when key and value are null, arrive as null', async () => {
    const [one] = await roundTrip({ key: null, value: null, headers: [] });
    expect(one?.message).toMatchObject({ key: null, value: null });
  });

  it('when a partition is named, the record goes there', async () => {
    const sent = [0, 1].map((partition) => ({ key: 'k', value: 'v', headers: [], partition }));
    expect((await roundTrip(...sent)).map(({ partition }) => partition).sort()).toEqual([0, 1]);
  });

  it('when the partition does not exist, the key chooses another: nothing is lost', async () => {
    const [byKey] = await roundTrip({ key: 'k', value: 'v', headers: [] });
    const [elsewhere] = await roundTrip({ key: 'k', value: 'v', headers: [], partition: 7 });
    expect(elsewhere?.partition).toBe(byKey?.partition);
  });

  it('when the records of one partition are more than a broker takes at once, all arrive', async () => {
    const sent = Array.from({ length: 30 }, (_, index) => ({
      key: null,
      value: Buffer.alloc(100_000, index),
      headers: [],
      partition: 0,
    }));
    expect((await roundTrip(...sent)).map(({ message }) => message.value?.[0])).toEqual(
      sent.map((_, index) => index),
    );
  });

  it('when a topic does not exist, fails with a typed error', async () => {
    const records = [{ topic: `none-${topic}`, key: 'k', value: 'v', headers: [] }];
    await expect(publisher.publish(records)).rejects.toMatchObject({ code: 'OPENORDER_BROKER_UNAVAILABLE' });
  }, 30_000);
});
