import type { Admin } from 'kafkajs';
import type { StartingPosition } from '../mapping/definition.ts';

/** The offset at which each partition starts, and which of these the group has not committed yet. */
export interface StartOffsets {
  readonly offsets: ReadonlyMap<number, number>;
  readonly uncommitted: ReadonlyMap<number, number>;
}

/**
 * Committed offsets win: https://docs.aws.amazon.com/lambda/latest/dg/kafka-consumer-group-id.html
 * The others start at the starting position. A partition without a committed offset, in a group that has
 * others, was added later: with LATEST it is read from the beginning, since otherwise records written
 * meanwhile would be lost.
 */
export async function findStartOffsets(
  admin: Admin,
  source: { groupId: string; topic: string; position: StartingPosition },
): Promise<StartOffsets> {
  const { groupId, topic, position } = source;
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const stored = (group?.partitions ?? []).map(
    ({ partition, offset }) => [partition, Number(offset)] as const,
  );
  const committed = new Map(stored.filter(([, offset]) => offset >= 0));
  if (stored.length > 0 && committed.size === stored.length)
    return { offsets: committed, uncommitted: new Map() };
  const isAddedPartition = position.type === 'LATEST' && committed.size > 0;
  const initial = await initialOffsets(admin, topic, isAddedPartition ? { type: 'TRIM_HORIZON' } : position);
  const uncommitted = new Map([...initial].filter(([partition]) => !committed.has(partition)));
  return { offsets: new Map([...uncommitted, ...committed]), uncommitted };
}

async function initialOffsets(
  admin: Admin,
  topic: string,
  position: StartingPosition,
): Promise<Map<number, number>> {
  const ends = await admin.fetchTopicOffsets(topic);
  if (position.type === 'AT_TIMESTAMP') {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, position.timestampMs);
    const byTime = new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
    return new Map(ends.map(({ partition, high }) => [partition, nonNegative(byTime.get(partition), high)]));
  }
  return new Map(
    ends.map(({ partition, low, high }) => [partition, Number(position.type === 'LATEST' ? high : low)]),
  );
}

/** -1 means no record at or after the time, so the partition starts at its end. */
function nonNegative(offset: number | undefined, high: string): number {
  return offset === undefined || offset < 0 ? Number(high) : offset;
}
