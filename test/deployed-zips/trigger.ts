import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { createTopicReader, type TopicReader } from '../../lib/kafka/topic-reader.ts';
import { waitFor } from '../support/wait.ts';
import type { DeployedFunction, Invocation } from './deployed-function.ts';

/** Delivers what is new on a topic to a function, as an event source mapping would. */
export class Trigger {
  readonly #topic: string;
  readonly #reader: TopicReader;
  readonly #next = new Map<number, number>();

  constructor(topic: string, brokers: readonly string[]) {
    this.#topic = topic;
    this.#reader = createTopicReader({ brokers });
  }

  /** Waits for a new record, and invokes the function with all new ones. */
  async deliver(target: DeployedFunction): Promise<Invocation> {
    let records: readonly KafkaRecord[] = [];
    await waitFor(async () => (records = await this.#newRecords()).length > 0, {
      deadlineMs: 20_000,
      what: `a record on ${this.#topic}`,
    });
    const invocation = await target.invoke(eventOf(records));
    for (const { partition, offset } of records) this.#next.set(partition, offset + 1);
    return invocation;
  }

  async #newRecords(): Promise<KafkaRecord[]> {
    const ranges = (await this.#reader.ranges([this.#topic])).get(this.#topic) ?? [];
    const spans = ranges.map(async ({ partition, start, end }) => {
      const from = this.#next.get(partition) ?? start;
      if (from >= end) return [];
      return (await this.#reader.read({ topic: this.#topic, partition, from, to: end })).records;
    });
    return (await Promise.all(spans)).flat();
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html */
function eventOf(records: readonly KafkaRecord[]): object {
  const byPartition = Map.groupBy(records, ({ topic, partition }) => `${topic}-${partition}`);
  const written = [...byPartition].map(([lane, some]) => [lane, some.map(recordOf)]);
  return {
    eventSource: 'SelfManagedKafka',
    bootstrapServers: '',
    records: Object.fromEntries(written) as object,
  };
}

function recordOf({ topic, partition, offset, timestamp, timestampType, key, value, headers }: KafkaRecord) {
  return {
    ...{ topic, partition, offset, timestamp, timestampType },
    ...(key && { key: key.toString('base64') }),
    ...(value && { value: value.toString('base64') }),
    headers: headers.map((header) => ({ [header.name]: [...header.value] })),
  };
}
