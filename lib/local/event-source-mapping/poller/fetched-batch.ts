import type { Batch } from 'kafkajs';
import type { FetchedMessage } from '../delivery/lambda-event.ts';

/**
 * The offset after everything in a fetch: records, compacted gaps and transaction markers. kafkajs's types
 * leave out the raw messages, whose record batch has its last offset.
 */
export function endOffsetOf(batch: Batch): number {
  const { rawMessages } = batch as unknown as { rawMessages: readonly FetchedMessage[] };
  const last = rawMessages.at(-1)?.batchContext;
  const batchEnd = last ? Number(last.firstOffset) + last.lastOffsetDelta + 1 : 0;
  return Math.max(Number(batch.lastOffset()) + 1, batchEnd);
}

/** Whether the partition had no further records when it was fetched. */
export function isAtEnd(batch: Batch): boolean {
  return endOffsetOf(batch) >= Number(batch.highWatermark);
}
