import { OpenOrderError } from '../errors.ts';
import { logger } from '../logger.ts';
import { classOf, deadLetterOf, type Detail } from './dead-letter.ts';
import type { RecordFailure } from './failures.ts';
import type { KafkaRefusedError } from './publish-error.ts';
import type { ReportingPublisher } from './publisher.ts';
import type { OutgoingRecord } from './records.ts';

/**
 * A record failed, and Kafka refused its dead letter, too. The invocation fails, so that the record is
 * redelivered and not lost.
 */
class DeadLetterRefusedError extends OpenOrderError {
  readonly code = 'OPENORDER_DEAD_LETTER_REFUSED';
  override readonly disposition = 'infrastructure';
}

interface RefusedFailure {
  readonly failure: RecordFailure;
  readonly error: KafkaRefusedError;
}

/**
 * Publishes the dead letters of failed records; one that Kafka refuses does not affect the others. A dead
 * letter that is too large is cut down step by step, until it is no larger than its record.
 * @throws DeadLetterRefusedError once the others are published, or the outage that kept Kafka from answering
 */
export async function publishDeadLetters(
  failures: readonly RecordFailure[],
  publisher: Pick<ReportingPublisher, 'publishEach'>,
  consumerGroupOf: (topic: string) => string,
): Promise<void> {
  const publish = (some: readonly RecordFailure[], detail: Detail) =>
    publishLetters(
      publisher,
      new Map(
        some.map((failure) => [
          deadLetterOf(failure, consumerGroupOf(failure.record.topic), detail),
          failure,
        ]),
      ),
    );
  let refused = await publish(failures, 'full');
  for (const detail of ['brief', 'bare'] as const) {
    const tooLarge = refused.filter(({ error }) => error.isTooLarge).map(({ failure }) => failure);
    const others = refused.filter(({ error }) => !error.isTooLarge);
    refused = [...others, ...(await publish(tooLarge, detail))];
  }
  const [first] = refused;
  if (first) throw refusedError(first, refused.length);
}

/** @returns what Kafka refused */
async function publishLetters(
  publisher: Pick<ReportingPublisher, 'publishEach'>,
  letters: ReadonlyMap<OutgoingRecord, RecordFailure>,
): Promise<RefusedFailure[]> {
  if (letters.size === 0) return [];
  const { acknowledged, refused, outage } = await publisher.publishEach([...letters.keys()]);
  for (const letter of acknowledged) logDeadLettered(letters.get(letter));
  if (outage) throw outage;
  return refused.flatMap(({ record, error }) => {
    const failure = letters.get(record);
    return failure ? [{ failure, error }] : [];
  });
}

function logDeadLettered(failure: RecordFailure | undefined): void {
  if (!failure) return;
  const { topic, partition, offset } = failure.record;
  logger.error('record dead-lettered', { topic, partition, offset, error: classOf(failure.error) });
}

/**
 * The record's own failure comes first: a function that reads the wrong topic has no dead-letter topic for it
 * either.
 */
function refusedError({ failure, error }: RefusedFailure, count: number): DeadLetterRefusedError {
  const { topic, partition, offset } = failure.record;
  const others = count === 1 ? '' : ` The same happened to ${count - 1} more.`;
  return new DeadLetterRefusedError(
    `The record ${topic}/${partition}/${offset} failed: ${failureText(failure.error)} ` +
      `Its dead letter could not be written, so it will be delivered again: ${error.message}${others}`,
    { cause: error },
  );
}

/** Messages of this project's errors hold no payload; those of others may. */
function failureText(error: unknown): string {
  return error instanceof OpenOrderError ? error.message : `${classOf(error)}.`;
}
