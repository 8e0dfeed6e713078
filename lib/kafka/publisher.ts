import { BrokerUnavailableError } from '../errors.ts';
import { onShutdown } from '../shutdown.ts';
import type { KafkaConnection } from './connection.ts';
import { openConnection } from './connection.ts';
import type { Header } from './records.ts';

/** A record to send. Without `partition` the key chooses it (murmur2, as Java's producer). */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: readonly Header[];
  readonly partition?: number;
}

/** Sends records to Kafka, in order per partition. */
export interface Publisher {
  /**
   * Resolves when every in-sync replica has every record (`acks=all`).
   * @throws BrokerUnavailableError when Kafka did not acknowledge; some of the records may still have been written
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}

/** After so long without a send the connection is taken for dead: a frozen container cannot see that a NAT gateway dropped it (350 s). */
const idleLimitMs = 60_000;

/** kafkajs groups messages per partition in O(n²); sends of 500 measured fastest. */
const recordsPerSend = 500;

/** A publisher with one idempotent producer, opened at the first send and replaced when it was idle too long or failed. */
export function createPublisher(
  brokers: readonly string[],
  open: (brokers: readonly string[]) => KafkaConnection = openConnection,
): Publisher {
  const connection = replaceableConnection(() => open(brokers));
  onShutdown(connection.drop);
  return {
    async publish(records) {
      for (let start = 0; start < records.length; start += recordsPerSend) {
        await connection.send(records.slice(start, start + recordsPerSend));
      }
    },
  };
}

function replaceableConnection(open: () => KafkaConnection) {
  let connection: KafkaConnection | undefined;
  let lastSuccess: number | undefined;

  const drop = async (): Promise<void> => {
    const dropped = connection;
    connection = undefined;
    lastSuccess = undefined;
    await dropped?.close();
  };

  const attempt = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const used = (connection ??= open());
    try {
      await used.send(records);
      lastSuccess = Date.now();
    } catch (cause) {
      // Not awaited: closing a dead socket would hold up the caller. A send beside this one may have replaced it already.
      if (connection === used) void drop();
      throw new BrokerUnavailableError(
        'Kafka did not acknowledge the records; see whether the brokers are up.',
        { cause },
      );
    }
  };

  return {
    drop,
    async send(records: readonly OutgoingRecord[]): Promise<void> {
      if (lastSuccess !== undefined && Date.now() - lastSuccess > idleLimitMs) void drop();
      // kafkajs keeps using a socket that stopped answering (tulios/kafkajs#919), so a connection that once worked gets a successor.
      const workedBefore = lastSuccess !== undefined;
      try {
        await attempt(records);
      } catch (error) {
        if (!workedBefore) throw error;
        await attempt(records);
      }
    },
  };
}
