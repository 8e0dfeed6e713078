import { randomBytes, randomUUID } from 'node:crypto';
import { type KafkaMessage, logLevel } from 'kafkajs';
import { createKafka } from './kafkajs/index.ts';
import { closeClients } from '../local/stack/invoke-local.ts';
import { createTopics } from '../local/stack/kafka-admin.ts';
import { waitFor } from '../../test/support/wait.ts';
import { createPublisher, type ReportingPublisher } from './publisher.ts';
import type { OutgoingRecord } from './records.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const kafka = createKafka({ brokers, logLevel: logLevel.NOTHING });
const topic = `publisher-${randomUUID()}`;
const received: { partition: number; message: KafkaMessage }[] = [];

const consumer = kafka.consumer({ groupId: `group-${topic}` });
let publisher: ReportingPublisher;

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

/** Publishes records and returns them as they arrived. */
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
    expect(arrived).toContainEqual(['constructor', Buffer.from([1, 255])]);
    expect(arrived).toContainEqual(['__proto__', Buffer.from([2, 255])]);
    expect(arrived).toContainEqual(['toString', Buffer.from([3, 255])]);
  });

  it('when a record is full of headers of one name, it passes within seconds', async () => {
    const headers = Array.from({ length: 200_000 }, () => ({ name: 'h', value: Buffer.alloc(0) }));
    const [one] = await roundTrip({ key: 'k', value: 'v', headers });
    expect(one?.message.headers?.['h']).toHaveLength(200_000);
  });

  it('when key and value are null, arrive as null', async () => {
    const [one] = await roundTrip({ key: null, value: null, headers: [] });
    expect(one?.message).toMatchObject({ key: null, value: null });
  });

  it('when a partition is named, the record goes there', async () => {
    const sent = [0, 1].map((partition) => ({ key: 'k', value: 'v', headers: [], partition }));
    expect((await roundTrip(...sent)).map(({ partition }) => partition).sort()).toEqual([0, 1]);
  });

  it('when the partition does not exist, the key decides on another: nothing is lost', async () => {
    const [byKey] = await roundTrip({ key: 'k', value: 'v', headers: [] });
    const [elsewhere] = await roundTrip({ key: 'k', value: 'v', headers: [], partition: 7 });
    expect(elsewhere?.partition).toBe(byKey?.partition);
  });

  it('when the records of one partition are more than a broker accepts at once, all arrive', async () => {
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

  it('when a topic does not exist, says which and what to do', async () => {
    const missing = `none-${topic}`;
    const records = [{ topic: missing, key: 'k', value: 'v', headers: [] }];
    await expect(publisher.publish(records)).rejects.toMatchObject({
      code: 'OPENORDER_KAFKA_REFUSED',
      reason: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: expect.stringContaining(missing) as string,
    });
  }, 30_000);

  it('when a record is larger than its topic allows, goes compressed if that helps; else the broker says so', async () => {
    const [squeezed] = await roundTrip({ key: null, value: Buffer.alloc(2_000_000, 7), headers: [] });
    expect(squeezed?.message.value).toEqual(Buffer.alloc(2_000_000, 7));
    const record = { topic, key: null, value: randomBytes(2_000_000), headers: [] };
    await expect(publisher.publish([record])).rejects.toMatchObject({ reason: 'MESSAGE_TOO_LARGE' });
  }, 30_000);

  it('when the fate of each record is asked for, each that is accepted arrives once, and the others are named', async () => {
    const before = received.length;
    const good = Array.from({ length: 40 }, (_, index) => ({
      topic,
      key: `good-${index}`,
      value: `${index}`,
      headers: [],
    }));
    const large = { topic, key: 'large', value: randomBytes(2_000_000), headers: [] };
    const astray = { topic: `none-${topic}`, key: 'astray', value: 'v', headers: [] };
    const report = await publisher.publishEach([...good.slice(0, 20), large, astray, ...good.slice(20)]);

    expect(report.outage).toBeUndefined();
    expect(new Set(report.acknowledged)).toEqual(new Set(good));
    expect(report.refused.map(({ record: { key }, error }) => [key, error.reason])).toEqual([
      ['large', 'MESSAGE_TOO_LARGE'],
      ['astray', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ]);
    await publisher.publish([{ topic, key: 'last', value: 'v', headers: [], partition: 0 }]);
    await publisher.publish([{ topic, key: 'last', value: 'v', headers: [], partition: 1 }]);
    await waitFor(() => received.length >= before + 42, { deadlineMs: 20_000, what: 'the records' });
    const keys = received.slice(before).map(({ message }) => String(message.key));
    expect(keys.filter((key) => key !== 'last').sort()).toEqual(good.map(({ key }) => key).sort());
  }, 30_000);
});
