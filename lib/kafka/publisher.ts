import { BrokerUnavailableError } from '../errors.ts';
import { onShutdown } from '../shutdown.ts';
import type { Cluster, KafkaConnection } from './connection.ts';
import { openConnection } from './connection.ts';
import type { OutgoingRecord } from './records.ts';

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

/**
 * kafkajs makes one record batch per partition of a send, and a broker refuses a batch over `max.message.bytes`, 1,048,588 unless
 * changed: so much may be sent at once even if all goes to one partition. A single record may still be larger.
 */
const bytesPerSend = 900_000;

/** A publisher with one idempotent producer, opened at the first send and replaced when it was idle too long or failed. */
export function createPublisher(
  cluster: Cluster,
  open: (cluster: Cluster) => KafkaConnection = openConnection,
): Publisher {
  const connection = replaceableConnection(() => open(cluster));
  onShutdown(connection.drop);
  return {
    async publish(records) {
      for (const send of inSends(records)) await connection.send(send);
    },
  };
}

function* inSends(records: readonly OutgoingRecord[]): Generator<OutgoingRecord[]> {
  let send: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (send.length === recordsPerSend || (send.length > 0 && bytes + size > bytesPerSend)) {
      yield send;
      send = [];
      bytes = 0;
    }
    send.push(record);
    bytes += size;
  }
  if (send.length > 0) yield send;
}

/** An upper bound in bytes. Lengths, timestamps and attributes of a record take at most 32 bytes, the lengths of a header 10. */
function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const ofHeaders = headers.reduce(
    (sum, { name, value }) => sum + 10 + Buffer.byteLength(name) + value.length,
    0,
  );
  return 32 + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '') + ofHeaders;
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
