import type { Header, KafkaRecord, OutgoingRecord } from '../../lib/kafka/records.ts';
import type { StoredRecord } from '../support/snapshot.ts';

/** Enough for one order's records to stay in order while others are processed in parallel. */
export const partitions = 3;

/** Kafka in memory: topics of three partitions, and each consumer group's position. */
export class Log {
  readonly #records = new Map<string, KafkaRecord[]>();
  readonly #committed = new Map<string, number>();

  append({ topic, key, value, headers, partition }: OutgoingRecord): void {
    const chosen = partition ?? Number(BigInt(`0x${Buffer.from(key ?? '').toString('hex') || '0'}`) % 3n);
    const records = this.#recordsOf(topic, chosen);
    const bytes = (text: Buffer | string | null) => (text === null ? null : Buffer.from(text));
    records.push({
      topic,
      partition: chosen,
      offset: records.length,
      timestamp: records.length,
      timestampType: 'CREATE_TIME',
      key: bytes(key),
      value: bytes(value),
      headers,
    });
  }

  /** The next records of a group, at most `limit`. */
  next(group: string, topic: string, partition: number, limit = Infinity): KafkaRecord[] {
    const from = this.committed(group, topic, partition);
    return this.#recordsOf(topic, partition).slice(from, from + limit);
  }

  committed(group: string, topic: string, partition: number): number {
    return this.#committed.get(`${group} ${topic} ${partition}`) ?? 0;
  }

  /** Moves a group, forward after its work or back to have records redelivered. */
  commit(group: string, topic: string, partition: number, offset: number): void {
    this.#committed.set(`${group} ${topic} ${partition}`, offset);
  }

  /** All records, as a reader of the topics finds them. */
  stored(): StoredRecord[] {
    return [...this.#records.values()].flat().map(({ topic, key, value, headers }) => ({
      topic,
      key: String(key),
      value: String(value),
      headers: headers.map(textsOf),
    }));
  }

  #recordsOf(topic: string, partition: number): KafkaRecord[] {
    const place = `${topic} ${partition}`;
    const records = this.#records.get(place) ?? [];
    this.#records.set(place, records);
    return records;
  }
}

function textsOf({ name, value }: Header): [string, string] {
  return [name, String(value)];
}
