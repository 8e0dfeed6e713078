import { onShutdown } from '../shutdown.ts';
import type { Cluster } from './cluster.ts';
import { type KafkaConnection, openConnection } from './connection.ts';
import { publishEach, type PublishReport } from './publish-each.ts';
import { KafkaRefusedError } from './publish-error.ts';
import type { OutgoingRecord } from './records.ts';
import { replaceableConnection, type ReplaceableConnection } from './replaceable-connection.ts';
import { inSends } from './sends.ts';

/** Sends records to Kafka, in order per partition. */
export interface Publisher {
  /**
   * Resolves when every in-sync replica has every record (`acks=all`).
   * @throws BrokerUnavailableError when Kafka did not acknowledge, KafkaRefusedError when it refused; in both
   *   cases some of the records may have been written
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}

/** A publisher that can also report the result of each record. */
export interface ReportingPublisher extends Publisher {
  /**
   * Sends every record that Kafka accepts and reports the others; never rejects because of Kafka's answer or
   * the lack of one. Slower than `publish`: it sends one partition at a time, since a broker writes all of a
   * request's records for a partition or none.
   */
  publishEach(records: readonly OutgoingRecord[]): Promise<PublishReport>;
}

/**
 * A publisher with one idempotent producer, opened on the first send and replaced after it was idle too long
 * or failed.
 */
export function createPublisher(
  cluster: Cluster,
  open: (cluster: Cluster) => KafkaConnection = openConnection,
): ReportingPublisher {
  const connection = replaceableConnection(() => open(cluster));
  onShutdown(connection.drop);
  const send = (records: readonly OutgoingRecord[]) => sendFitting(connection, records);
  return {
    async publish(records) {
      for (const batch of inSends(records)) await send(batch);
    },
    publishEach: (records) => publishEach({ send, partitionsFor: connection.partitionsFor }, records),
  };
}

/**
 * Sends less at once when a topic accepts less than usual, and compresses a record that is too large on its
 * own: it may have arrived compressed.
 */
async function sendFitting(
  connection: ReplaceableConnection,
  records: readonly OutgoingRecord[],
): Promise<void> {
  try {
    await connection.send(records);
  } catch (error) {
    if (!(error instanceof KafkaRefusedError && error.isTooLarge)) throw error;
    if (records.length === 1) {
      await connection.send(records, 'gzip');
      return;
    }
    const middle = Math.ceil(records.length / 2);
    await sendFitting(connection, records.slice(0, middle));
    await sendFitting(connection, records.slice(middle));
  }
}
