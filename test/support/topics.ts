import { logLevel, type Admin, type IHeaders } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { createKafka, withAdmin } from '../../lib/kafka/kafkajs/index.ts';
import type { StoredRecord } from './snapshot.ts';
import { waitFor } from './wait.ts';

const clientOf = (brokers: readonly string[]) =>
  createKafka({ brokers: [...brokers], clientId: 'openorder-test', logLevel: logLevel.NOTHING });

/** Everything that is in these topics now, in the order of each partition. */
export async function readTopics(
  brokers: readonly string[],
  topics: readonly string[],
): Promise<StoredRecord[]> {
  const kafka = clientOf(brokers);
  const ends = await withAdmin(clientOf(brokers), (admin) => endsOf(admin, topics));
  const records: StoredRecord[] = [];
  const positions = new Map<string, number>();
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const { key, value, headers = {} } of batch.messages) {
        const texts = { key: String(key), value: String(value), headers: headerTexts(headers) };
        records.push({ topic: batch.topic, ...texts });
      }
      positions.set(`${batch.topic} ${batch.partition}`, Number(batch.lastOffset()) + 1);
      return Promise.resolve();
    },
  });
  const isRead = () => [...ends].every(([place, end]) => (positions.get(place) ?? 0) >= end);
  await waitFor(isRead, { deadlineMs: 60_000, what: 'all of the topics to be read' });
  await consumer.disconnect();
  return records;
}

/**
 * How many records the consumer groups with a prefix have not processed yet; a group is named after the topic
 * that it reads.
 */
export async function lagOf(
  brokers: readonly string[],
  groupPrefix: string,
  topics: readonly string[],
): Promise<number> {
  return withAdmin(clientOf(brokers), async (admin) => {
    const { groups } = await admin.listGroups();
    const ids = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(groupPrefix));
    let lag = 0;
    // Topic by topic, upstream first: what a function publishes is there before its own offset moves.
    for (const topic of topics) {
      const ends = await endsOf(admin, [topic]);
      for (const groupId of ids.filter((id) => id.endsWith(`-${topic}`))) {
        lag += await lagIn(admin, groupId, topic, ends);
      }
    }
    return lag;
  });
}

async function lagIn(
  admin: Admin,
  groupId: string,
  topic: string,
  ends: ReadonlyMap<string, number>,
): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return (committed?.partitions ?? []).reduce(
    (sum, { partition, offset }) =>
      sum + (ends.get(`${topic} ${partition}`) ?? 0) - Math.max(0, Number(offset)),
    0,
  );
}

async function endsOf(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      ends.set(`${topic} ${partition}`, Number(high));
    }
  }
  return ends;
}

function headerTexts(headers: IHeaders): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}
