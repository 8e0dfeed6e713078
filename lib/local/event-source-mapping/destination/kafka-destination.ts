import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { keyOf } from '../worker/packed-event.js';
import type { FailedBatch } from '../delivery/failed-batch.ts';
import type { FailureDestination } from './failure-destination.ts';
import { failureMessage, type FailureOrigin } from './failure-record.ts';

/** kafkajs groups the messages of one call in quadratic time. */
const messagesPerSend = 500;

/** `kafka://<topic>`: one message per failed record, with the record's key, on the same cluster. */
export class KafkaDestination implements FailureDestination {
  readonly name: string;
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #origin: FailureOrigin;
  #producer: Promise<Producer> | undefined;

  constructor(kafka: Kafka, topic: string, origin: FailureOrigin) {
    this.name = `kafka://${topic}`;
    this.#kafka = kafka;
    this.#topic = topic;
    this.#origin = origin;
  }

  async send(batch: FailedBatch): Promise<void> {
    const producer = await this.#connected();
    const messages = batch.records.map((record) => ({
      key: record.sourceKey ?? keyOf(record.packed),
      value: JSON.stringify(failureMessage(this.#origin, batch, record)),
    }));
    for (let start = 0; start < messages.length; start += messagesPerSend) {
      const part = messages.slice(start, start + messagesPerSend);
      await producer.send({ topic: this.#topic, messages: part, acks: -1 });
    }
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect().catch((error: unknown) => {
      this.#producer = undefined;
      throw error;
    });
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }
}
