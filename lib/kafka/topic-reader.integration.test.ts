import { randomUUID } from 'node:crypto';
import { logLevel, Partitioners, type Message } from 'kafkajs';
import { createTopics } from '../local/stack/kafka-admin.ts';
import { readSettings } from '../local/stack/settings.ts';
import { UnknownTopicError } from '../errors.ts';
import { createKafka, withAdmin } from './kafkajs/index.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';

const brokers = readSettings().brokers ?? [];
const kafka = createKafka({ brokers, clientId: 'openorder-test', logLevel: logLevel.NOTHING });
const topic = `reader-${randomUUID()}`;
let reader: TopicReader;

beforeAll(async () => {
  reader = createTopicReader({ brokers });
  await createTopics(brokers, [topic]);
  const partitions = [{ partition: 1, offset: '2' }];
  await withAdmin(kafka, (admin) => admin.setOffsets({ groupId: `${topic}-group`, topic, partitions }));
  await send([...numbered(10), { ...numbered(1)[0], key: 'one', timestamp: '5000' } as Message]);
}, 60_000);

function numbered(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    partition: 1,
    key: `key-${index}`,
    value: `value-${index}`,
    timestamp: String(1_000 + index),
    headers: { twice: ['a', 'b'] },
  }));
}

async function send(messages: Message[]): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

describe('a reader of topics', () => {
  it('when topics are listed, names those of the service and none of Kafka’s own', async () => {
    const topics = await reader.topics();
    expect(topics).toContain(topic);
    expect(topics).not.toContain('__consumer_offsets');
  });

  it('when a partition holds records, gives where they begin and end', async () => {
    expect((await reader.ranges([topic])).get(topic)).toEqual([
      { partition: 0, start: 0, end: 0 },
      { partition: 1, start: 0, end: 11 },
      { partition: 2, start: 0, end: 0 },
    ]);
  });

  it('when a time is given, finds the first record no older than that, else the end', async () => {
    const offsets = await reader.offsetsAt([topic], 1_004);
    expect(offsets.get(topic)).toEqual(
      new Map([
        [0, 0],
        [1, 4],
        [2, 0],
      ]),
    );
    expect((await reader.offsetsAt([topic], 6_000)).get(topic)?.get(1)).toBe(11);
  });

  it('when a span lies within a batch, reads just its records, with their headers and times', async () => {
    const { records, next } = await reader.read({ topic, partition: 1, from: 3, to: 5 });
    expect(records.map(({ offset, key, value }) => [offset, String(key), String(value)])).toEqual([
      [3, 'key-3', 'value-3'],
      [4, 'key-4', 'value-4'],
    ]);
    expect(records[0]).toMatchObject({ timestamp: 1_003, timestampType: 'CREATE_TIME' });
    expect(records[0]?.headers.map(({ name, value }) => [name, String(value)])).toEqual([
      ['twice', 'a'],
      ['twice', 'b'],
    ]);
    expect(next).toBe(5);
  });

  it('when a group has committed, gives its offsets, and leaves out where it has not', async () => {
    expect(await reader.committed(`${topic}-group`, topic)).toEqual(new Map([[1, 2]]));
  });

  it('when a key is given, finds the partition that a producer puts it in', async () => {
    const key = randomUUID();
    const partition = await reader.partitionOf(topic, key);
    const before = (await reader.ranges([topic])).get(topic)?.[partition]?.end ?? 0;
    await send([{ key, value: 'here' }]);
    const { records } = await reader.read({ topic, partition, from: before, to: before + 1 });
    expect(String(records[0]?.key)).toBe(key);
  });

  it('when a topic does not exist, says so and continues to read others', async () => {
    await expect(reader.ranges(['no-such-topic'])).rejects.toThrow(UnknownTopicError);
    expect((await reader.ranges([topic])).get(topic)).toHaveLength(3);
  });

  it('when a reader looks, no consumer group is created', async () => {
    const { groups } = await withAdmin(kafka, (admin) => admin.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith(topic))).toHaveLength(1);
  });
});
