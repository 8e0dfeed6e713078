import { OpenOrderError } from '../errors.ts';
import type { KafkaConnection } from './connection.ts';
import { KafkaRefusedError } from './publish-error.ts';
import type { OutgoingRecord } from './records.ts';
import { inSends } from './sends.ts';

/** A record that Kafka refused, and why. */
export interface Refusal {
  readonly record: OutgoingRecord;
  readonly error: KafkaRefusedError;
}

/** The results of records. One in neither list was not sent, or was sent and not acknowledged. */
export interface PublishReport {
  readonly acknowledged: readonly OutgoingRecord[];
  readonly refused: readonly Refusal[];
  /** Why it stopped early: Kafka was unreachable, or refused everything from this client. */
  readonly outage?: OpenOrderError;
}

type Connection = Pick<KafkaConnection, 'send' | 'partitionsFor'>;

interface Progress {
  readonly acknowledged: OutgoingRecord[];
  readonly refused: Refusal[];
}

/** Sends records topic by topic and partition by partition; see `ReportingPublisher.publishEach`. */
export async function publishEach(
  connection: Connection,
  records: readonly OutgoingRecord[],
): Promise<PublishReport> {
  const progress: Progress = { acknowledged: [], refused: [] };
  try {
    for (const [topic, ofTopic] of Map.groupBy(records, (record) => record.topic)) {
      await publishToTopic(connection, topic, ofTopic, progress);
    }
    return progress;
  } catch (error) {
    if (!(error instanceof OpenOrderError)) throw error;
    return { ...progress, outage: error };
  }
}

async function publishToTopic(
  connection: Connection,
  topic: string,
  records: readonly OutgoingRecord[],
  progress: Progress,
): Promise<void> {
  try {
    const partitions = await connection.partitionsFor(topic, records);
    const byPartition = Map.groupBy(records, (_, index) => partitions[index] ?? 0);
    for (const [partition, ofPartition] of byPartition) {
      for (const batch of inSends(ofPartition)) await publishBatch(connection, partition, batch, progress);
    }
  } catch (error) {
    if (!isRefusalOf('topic', error)) throw error;
    // What holds for the topic holds for the records that were not tried yet.
    const settled = new Set([...progress.acknowledged, ...progress.refused.map(({ record }) => record)]);
    const rest = records.filter((record) => !settled.has(record));
    progress.refused.push(...rest.map((record) => ({ record, error })));
  }
}

/**
 * Kafka writes the records of one partition together or not at all, so a refused batch is halved until the
 * refused record is found.
 */
async function publishBatch(
  connection: Connection,
  partition: number,
  batch: readonly OutgoingRecord[],
  progress: Progress,
): Promise<void> {
  try {
    await connection.send(batch.map((record) => ({ ...record, partition })));
    progress.acknowledged.push(...batch);
  } catch (error) {
    if (!isRefusalOf('record', error)) throw error;
    const [record, ...others] = batch;
    if (record && others.length === 0) {
      progress.refused.push({ record, error });
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await publishBatch(connection, partition, batch.slice(0, middle), progress);
    await publishBatch(connection, partition, batch.slice(middle), progress);
  }
}

function isRefusalOf(scope: KafkaRefusedError['scope'], error: unknown): error is KafkaRefusedError {
  return error instanceof KafkaRefusedError && error.scope === scope;
}
