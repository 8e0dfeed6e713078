import kafkajs, { type Message, type Producer } from 'kafkajs';
import type { Log } from '../host/serverless.ts';
import { createKafka, withAdmin } from '../kafka/client.ts';
import { eventually } from './eventually.ts';

/** The brokers of this test run. */
export function brokers(): string[] {
  const list = process.env['KAFKA_BROKERS'];
  if (!list) throw new Error('Set KAFKA_BROKERS to the broker for the integration tests, as host:port.');
  return list.split(',');
}

const silent = () => undefined;

/** A logger that discards everything. */
export const silentLog: Log = { error: silent, warning: silent, notice: silent, info: silent, debug: silent };

/** The tests' own access to the broker. */
export class TestBroker {
  readonly #kafka;

  constructor(list = brokers()) {
    this.#kafka = createKafka(list, {}, silentLog);
  }

  /**
   * Resolves when every partition is writable. kafkajs's own `waitForLeaders` gives up when a broker does not
   * know the topic yet, which is normal: with KRaft the controller responds before the brokers know.
   */
  async createTopic(topic: string, partitions = 1, config: Record<string, string> = {}): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    await withAdmin(this.#kafka, (admin) =>
      admin.createTopics({
        topics: [{ topic, numPartitions: partitions, configEntries }],
        waitForLeaders: false,
      }),
    );
    await this.#untilWritable(topic, partitions);
  }

  async deleteTopic(topic: string): Promise<void> {
    await withAdmin(this.#kafka, (admin) => admin.deleteTopics({ topics: [topic] }));
  }

  /**
   * Resolves when the partitions are writable: kafkajs silently drops a record for a partition it does not
   * know yet.
   */
  async addPartitions(topic: string, count: number): Promise<void> {
    await withAdmin(this.#kafka, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));
    await this.#untilWritable(topic, count);
  }

  async deleteRecords(topic: string, partition: number, offset: number): Promise<void> {
    await withAdmin(this.#kafka, async (admin) => {
      // kafkajs looks up the topic's leaders here, but not when it deletes.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
    });
  }

  /** Sends in one request, so that the records of a partition become one record batch. */
  async send(
    topic: string,
    messages: readonly Message[],
    compression = kafkajs.CompressionTypes.None,
  ): Promise<void> {
    await this.#producing({}, async (producer) => {
      await producer.send({ topic, messages: [...messages], compression });
    });
  }

  /** Sends one transaction, then commits or aborts it. */
  async sendTransaction(topic: string, messages: readonly Message[], end: 'commit' | 'abort'): Promise<void> {
    const options = { transactionalId: crypto.randomUUID(), maxInFlightRequests: 1, idempotent: true };
    await this.#producing(options, async (producer) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [...messages] });
      await (end === 'commit' ? transaction.commit() : transaction.abort());
    });
  }

  /** Committed offsets by partition; -1 when there is none. */
  async committed(groupId: string, topic: string): Promise<number[]> {
    const [group] = await withAdmin(this.#kafka, (admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    const partitions = group?.partitions.toSorted((a, b) => a.partition - b.partition) ?? [];
    return partitions.map(({ offset }) => Number(offset));
  }

  /** Sets the committed offsets of a group without members. */
  async commit(groupId: string, topic: string, offsets: readonly number[]): Promise<void> {
    const partitions = offsets.map((offset, partition) => ({ partition, offset: String(offset) }));
    await withAdmin(this.#kafka, (admin) => admin.setOffsets({ groupId, topic, partitions }));
  }

  /** Number of members of a group. */
  async members(groupId: string): Promise<number> {
    const { groups } = await withAdmin(this.#kafka, (admin) => admin.describeGroups([groupId]));
    return groups[0]?.members.length ?? 0;
  }

  /** Reads the first `count` messages of a topic. */
  async read(
    topic: string,
    count: number,
  ): Promise<{ key: string | null; value: Record<string, unknown> }[]> {
    const consumer = this.#kafka.consumer({ groupId: crypto.randomUUID(), maxWaitTimeInMs: 50 });
    const found: { key: string | null; value: Record<string, unknown> }[] = [];
    const isComplete = Promise.withResolvers<undefined>();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const value = JSON.parse(message.value?.toString() ?? 'null') as Record<string, unknown>;
        found.push({ key: message.key?.toString() ?? null, value });
        if (found.length >= count) isComplete.resolve(undefined);
        return Promise.resolve();
      },
    });
    await isComplete.promise;
    await consumer.disconnect();
    return found;
  }

  /**
   * Only a partition's leader knows the end of its log, so a result for every partition means that each has a
   * leader.
   */
  async #untilWritable(topic: string, partitions: number): Promise<void> {
    await eventually(`${topic} has ${partitions} partitions with a leader`, async () => {
      const ends = await withAdmin(this.#kafka, (admin) => admin.fetchTopicOffsets(topic));
      return ends.length === partitions;
    });
  }

  async #producing(options: object, work: (producer: Producer) => Promise<void>): Promise<void> {
    const producer = this.#kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      ...options,
    });
    await producer.connect();
    try {
      await work(producer);
    } finally {
      await producer.disconnect();
    }
  }
}
