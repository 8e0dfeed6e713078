import { get } from './api.ts';
import type { DeadLetterDetails, Flow, TriggerFlow } from './model.ts';

/** The result of a redriven dead letter. */
export interface Outcome {
  /** The dead letter that it became again; undefined when its function has processed it. */
  readonly again?: { readonly deadLetterId: number; readonly reason: string | null };
}

const betweenMs = 1_000;

/**
 * Waits until the consumer group that failed has read past the record, and the archive past what has failed
 * since; then the record was either processed or is a dead letter again.
 * @param isWanted false ends the wait, with undefined
 */
export async function outcomeOf(
  letter: DeadLetterDetails,
  isWanted: () => boolean,
): Promise<Outcome | undefined> {
  const { originalTopic: topic, consumerGroup: group, deadLetterId: id } = letter;
  const isConcerned = (trigger: TriggerFlow) =>
    trigger.topic === topic && (group === null || trigger.consumerGroup === group);
  if (!(await haveRead(isConcerned, isWanted))) return undefined;
  if (!(await haveRead((trigger) => trigger.topic === `${topic}.DLT`, isWanted))) return undefined;
  const { history } = await get<DeadLetterDetails>(`/api/dead-letters/${id}?value=cut`);
  const again = history.findLast(({ what, deadLetterId }) => what === 'FAILED' && deadLetterId > id);
  return again ? { again } : {};
}

/** Waits until some triggers have read everything that their topic holds now. */
async function haveRead(
  isConcerned: (trigger: TriggerFlow) => boolean,
  isWanted: () => boolean,
): Promise<boolean> {
  let ends: (TriggerFlow['partitions'] & {}) | undefined;
  while (isWanted()) {
    const { triggers } = await get<Flow>('/api/flow').catch((): Flow => ({ triggers: [], unavailable: [] }));
    const concerned = triggers.filter(isConcerned);
    if (concerned.length > 0 && concerned.every(({ partitions }) => partitions !== null)) {
      ends ??= concerned[0]?.partitions ?? [];
      const isRead = ends.every(({ partition, end }) =>
        concerned.every(({ partitions }) =>
          partitions?.some((now) => now.partition === partition && (now.committed ?? 0) >= end),
        ),
      );
      if (isRead) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
  return false;
}
