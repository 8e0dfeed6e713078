import type { KafkaConnection } from './connection.ts';
import { KafkaRefusedError, toPublishError } from './publish-error.ts';
import type { OutgoingRecord } from './records.ts';

/**
 * After this long without a send, in ms, the connection is presumed dead: a frozen container cannot see that
 * a NAT gateway dropped it (350 s).
 */
const idleLimitMs = 60_000;

/**
 * A connection that rejects with this project's errors, and is replaced after it was idle too long or failed.
 */
export interface ReplaceableConnection extends Omit<KafkaConnection, 'close'> {
  /** Closes the connection, if there is one; the next send opens a new one. */
  readonly drop: () => Promise<void>;
}

/** Opens a connection on the first send. */
export function replaceableConnection(open: () => KafkaConnection): ReplaceableConnection {
  let connection: KafkaConnection | undefined;
  let lastSuccessMs: number | undefined;

  const drop = async (): Promise<void> => {
    const dropped = connection;
    connection = undefined;
    lastSuccessMs = undefined;
    await dropped?.close();
  };

  const attempt = async <Result>(
    topics: readonly string[],
    work: (used: KafkaConnection) => Promise<Result>,
  ): Promise<Result> => {
    const used = (connection ??= open());
    try {
      const result = await work(used);
      lastSuccessMs = performance.now();
      return result;
    } catch (cause) {
      // Not awaited: closing a dead socket would hold up the caller. A concurrent send may already have
      // replaced it.
      if (connection === used) void drop();
      throw toPublishError(cause, topics);
    }
  };

  const run: typeof attempt = async (topics, work) => {
    if (lastSuccessMs !== undefined && performance.now() - lastSuccessMs > idleLimitMs) void drop();
    // kafkajs keeps using a socket that stopped answering (tulios/kafkajs#919), so a connection that once
    // worked gets a successor.
    const workedBefore = lastSuccessMs !== undefined;
    try {
      return await attempt(topics, work);
    } catch (error) {
      if (!workedBefore || error instanceof KafkaRefusedError) throw error;
      return attempt(topics, work);
    }
  };

  return {
    drop,
    send: (records, compression) => run(topicsOf(records), (used) => used.send(records, compression)),
    partitionsFor: (topic, records) => run([topic], (used) => used.partitionsFor(topic, records)),
  };
}

function topicsOf(records: readonly OutgoingRecord[]): string[] {
  return [...new Set(records.map(({ topic }) => topic))];
}
