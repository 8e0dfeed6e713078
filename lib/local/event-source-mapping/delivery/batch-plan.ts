import type { RecordBuffer } from './record-buffer.ts';

/** When a batch is complete. */
export interface BatchLimits {
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Bytes available to all partitions of one event, each with its key and records. */
  readonly eventBytes: number;
  /** Bytes that a partition takes besides its records. */
  readonly partitionBytes: (partition: number) => number;
}

/** A partition that a batch may take records from. */
export interface Source {
  readonly partition: number;
  readonly buffer: RecordBuffer;
}

/** The next batch: how many records from which partitions, and in how many ms it is due (0 or less: now). */
export interface BatchPlan<S extends Source> {
  readonly parts: readonly { readonly source: S; readonly count: number }[];
  readonly dueInMs: number;
}

/**
 * Plans the next batch from several partitions. It is due when it is full, by count or by bytes, or when its
 * window, which starts with its first record, has elapsed:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 *
 * The partition whose first record has waited longest fills it first. So with a backlog one partition fills a
 * batch, and the others are free for concurrent calls.
 * @returns undefined when no record waits
 */
export function planBatch<S extends Source>(
  sources: readonly S[],
  limits: BatchLimits,
  now: number,
): BatchPlan<S> | undefined {
  const waiting = sources
    .filter(({ buffer }) => buffer.count > 0)
    .sort((a, b) => arrivalOf(a) - arrivalOf(b));
  const [first] = waiting;
  if (!first) return undefined;
  const parts: { source: S; count: number }[] = [];
  let room = { records: limits.batchSize, bytes: limits.eventBytes };
  for (const source of waiting) {
    const frame = limits.partitionBytes(source.partition);
    const fits = source.buffer.fitting({ ...room, bytes: room.bytes - frame });
    // A record that is too large by itself goes alone; the delivery gives it up.
    const count = parts.length === 0 ? Math.max(1, fits.count) : fits.count;
    if (count > 0) parts.push({ source, count });
    room = { records: room.records - count, bytes: room.bytes - frame - fits.bytes };
    const isFull = fits.count < source.buffer.count || room.records === 0;
    if (isFull) return { parts, dueInMs: 0 };
  }
  return { parts, dueInMs: arrivalOf(first) + limits.batchWindowMs - now };
}

function arrivalOf({ buffer }: Source): number {
  return buffer.firstArrival ?? Infinity;
}

/** Whether enough is buffered, two batches by count or one by bytes, so that fetching can pause. */
export function isSaturated(buffer: RecordBuffer, limits: BatchLimits): boolean {
  return buffer.count >= 2 * limits.batchSize || buffer.bytes >= limits.eventBytes;
}
