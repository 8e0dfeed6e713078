import type { Admin, Kafka } from 'kafkajs';
import { firstTimestamps } from '../kafka/cluster.ts';
import { withAdmin } from '../kafka/client.ts';

/** How far a group is behind in one partition. */
export interface PartitionLag {
  readonly partition: number;
  /** Undefined before the trigger's first start. */
  readonly committed: number | undefined;
  readonly end: number;
  /** Records from the committed offset to the end; gaps count too. */
  readonly lag: number;
  /** Timestamp of the oldest waiting record, ms since 1970; undefined when none waits. */
  readonly oldestTimestampMs: number | undefined;
}

/** The lag of a group in each partition of a topic, by partition. */
export async function findLag(kafka: Kafka, groupId: string, topic: string): Promise<PartitionLag[]> {
  const lags = await withAdmin(kafka, (admin) => offsetsOf(admin, groupId, topic));
  const positions = lags
    .filter(({ lag }) => lag > 0)
    .map(({ partition, end, lag }) => ({ partition, offset: end - lag }));
  const oldest = await firstTimestamps(kafka, topic, positions);
  return lags
    .map((one) => ({ ...one, oldestTimestampMs: oldest.get(one.partition) }))
    .sort((a, b) => a.partition - b.partition);
}

type Offsets = Omit<PartitionLag, 'oldestTimestampMs'>;

async function offsetsOf(admin: Admin, groupId: string, topic: string): Promise<Offsets[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends.map(({ partition, low, high }) =>
    lagOf(partition, committed.get(partition) ?? -1, Number(low), Number(high)),
  );
}

/**
 * Kafka returns -1 where nothing is committed; retention may have deleted records after the committed offset.
 */
function lagOf(partition: number, offset: number, low: number, end: number): Offsets {
  const isCommitted = offset >= 0;
  const from = isCommitted ? Math.max(offset, low) : low;
  return { partition, committed: isCommitted ? offset : undefined, end, lag: Math.max(0, end - from) };
}
