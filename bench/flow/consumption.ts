import type { Admin, Kafka } from 'kafkajs';
import { withAdmin } from '../../lib/kafka/kafkajs/with-admin.ts';
import { until } from '../../lib/local/stack/until.ts';

/** A consumer group and the topic that it reads. */
export interface Reading {
  readonly groupId: string;
  readonly topic: string;
}

const deadlineMs = 30 * 60_000;

/**
 * Waits until the groups have committed everything that is in their topics now.
 * @param onProgress called with the number of records left
 * @returns when they had, in ms since 1970; checked every 20 ms
 */
export async function untilConsumed(
  admin: Admin,
  readings: readonly Reading[],
  onProgress: (left: number) => void = () => undefined,
): Promise<number> {
  const ends = await Promise.all(readings.map(({ topic }) => admin.fetchTopicOffsets(topic)));
  const end = sum(ends.flat().map(({ high }) => Number(high)));
  const isDone = async () => {
    const committed = await Promise.all(readings.map((reading) => committedBy(admin, reading)));
    onProgress(end - sum(committed));
    return sum(committed) >= end;
  };
  const what = readings.map(({ groupId }) => groupId).join(' and ');
  await until(isDone, { deadlineMs, intervalMs: 20, what: `${what} to read everything` });
  return Date.now();
}

/** Moves the groups to the end of their topics, as if they had read what earlier rounds left there. */
export async function skipToEnd(kafka: Kafka, readings: readonly Reading[]): Promise<void> {
  // In parallel: for this, kafkajs joins each group, and leaves it only after a fetch of 5 s.
  await Promise.all(
    readings.map((reading) =>
      // For a moment after creating a topic, the broker may say that it does not lead its partitions.
      until(() => skipOne(kafka, reading), {
        deadlineMs: 30_000,
        what: 'the broker to accept new offsets',
      }),
    ),
  );
}

function skipOne(kafka: Kafka, { groupId, topic }: Reading): Promise<boolean> {
  return withAdmin(kafka, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.setOffsets({ groupId, topic, partitions });
    return true;
  });
}

async function committedBy(admin: Admin, { groupId, topic }: Reading): Promise<number> {
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return sum((group?.partitions ?? []).map(({ offset }) => Math.max(0, Number(offset))));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
