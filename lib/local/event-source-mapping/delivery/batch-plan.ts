import type { RecordBuffer } from './record-buffer.ts';

/** When a batch is complete. */
export interface BatchLimits {
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Bytes that all partitions of one event may take, each with its key and its records. */
  readonly eventBytes: number;
  /** Bytes that a partition takes beside its records. */
  readonly partitionBytes: (partition: number) => number;
}

/** A partition from which a batch may take records. */
export interface Source {
  readonly partition: number;
  readonly buffer: RecordBuffer;
}

/** The next batch: how many records of which partition, and in how many ms it is due (0 or less: now). */
export interface BatchPlan<S extends Source> {
  readonly parts: readonly { readonly source: S; readonly count: number }[];
  readonly dueInMs: number;
}

/**
 * Plans the next batch of partitions that share it. It is due when it is full, by number or by bytes, or when
 * its window, which begins with its first record, is over:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 *
 * The partition whose first record has waited longest fills it first, as far as it can: with a backlog, one
 * partition makes a batch, and the others are free for calls beside it.
 * @returns undefined while no record waits
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
    // A record that is too large by itself goes alone; the delivery knows what to do with it.
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

/** Whether the next batch is there in full, and as much again: no need to fetch more now. */
export function isSaturated(buffer: RecordBuffer, limits: BatchLimits): boolean {
  return buffer.count >= 2 * limits.batchSize || buffer.bytes >= limits.eventBytes;
}
