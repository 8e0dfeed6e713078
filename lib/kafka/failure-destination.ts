import { setTimeout as wait } from 'node:timers/promises';
import { attempt } from './attempt.ts';
import { classOf } from './dead-letter.ts';
import { dispositionOf } from './disposition.ts';
import type { Invocation, RecordFailure, RecordsHandler } from './failures.ts';
import { beforeTimeout, requireTime } from './invocation-time.ts';
import { publishDeadLetters } from './publish-dead-letters.ts';
import type { ReportingPublisher } from './publisher.ts';
import type { KafkaRecord } from './records.ts';

/** How failed records are retried, and where they go when retries are exhausted. */
export interface FailureDestination {
  /** Sends the dead letters. */
  readonly publisher: Pick<ReportingPublisher, 'publishEach'>;
  /** The consumer group that reads a topic for this function; it goes into the dead letter's headers. */
  readonly consumerGroupOf: (topic: string) => string;
  /** Total attempts per record; 3 by default. */
  readonly attempts?: number;
  /** Milliseconds to wait after the n-th attempt (from 1); by default 50, 100, 200 … with jitter. */
  readonly backOffMs?: (attempt: number) => number;
}

/** The result of a batch. A trigger ignores it; a manual invocation shows it. */
export interface BatchSummary {
  readonly handled: number;
  readonly deadLettered: readonly { topic: string; partition: number; offset: number; error: string }[];
}

/**
 * Wraps a handler of records so that a failed record does not hold up the others: it is set aside until the
 * rest of the batch is done, retried with back-off, and then published to `<topic>.DLT`. The handler names
 * failed records with `RecordsFailedError`; after any other error the batch is bisected to find them.
 * Infrastructure failures fail the invocation, so that the trigger delivers the batch again: an outage
 * dead-letters nothing.
 *
 * A batch may be delivered again, and a record handled again after it failed, so the handler must be
 * idempotent. An attempt that is abandoned for lack of time may keep running in the background for a moment.
 *
 * @throws the infrastructure failure, `BrokerUnavailableError` or `DeadLetterRefusedError` when a dead letter
 *   cannot be published, or `InvocationTimeShortError` when the invocation's time is nearly over
 * @example
 * withFailureDestination(
 *   async (records) => { await store.saveAll(records.map(parse)); },
 *   { publisher, consumerGroupOf: (topic) => `billing-${topic}` },
 * )
 */
export function withFailureDestination(
  handler: RecordsHandler,
  { publisher, consumerGroupOf, attempts = 3, backOffMs = exponentialBackOff }: FailureDestination,
): (records: readonly KafkaRecord[], invocation: Invocation) => Promise<BatchSummary> {
  return async (records, invocation) => {
    const exhausted: RecordFailure[] = records.flatMap(faultOf);
    let failures = await attempt(
      handler,
      records.filter(({ fault }) => !fault),
      invocation,
    );
    for (let made = 1; failures.length > 0; made += 1) {
      const { final, retriable } = sortOut(failures, made < attempts);
      exhausted.push(...final.map((failure) => ({ ...failure, attempts: made })));
      if (retriable.length === 0) break;
      await backOff(backOffMs(made), invocation);
      failures = await attempt(handler, retriable, invocation);
    }
    await beforeTimeout(publishDeadLetters(exhausted, publisher, consumerGroupOf), invocation);
    return summaryOf(records, exhausted);
  };
}

/** A record that its event did not hold intact is kept from the handler. */
function faultOf(record: KafkaRecord): RecordFailure[] {
  return record.fault ? [{ record, error: record.fault }] : [];
}

function sortOut(failures: readonly RecordFailure[], moreAttempts: boolean) {
  const isFinal = ({ error }: RecordFailure) => !moreAttempts || dispositionOf(error) === 'permanent';
  return {
    final: failures.filter(isFinal),
    retriable: failures.filter((failure) => !isFinal(failure)).map((failure) => failure.record),
  };
}

async function backOff(ms: number, invocation: Invocation): Promise<void> {
  requireTime(invocation, ms);
  await wait(ms);
}

function summaryOf(records: readonly KafkaRecord[], failures: readonly RecordFailure[]): BatchSummary {
  return {
    handled: records.length - failures.length,
    deadLettered: failures.map(({ record, error }) => ({
      ...positionOf(record),
      error: classOf(error),
    })),
  };
}

function positionOf({ topic, partition, offset }: KafkaRecord) {
  return { topic, partition, offset };
}

/**
 * 50 ms, doubled with each attempt, times 0.5 to 1.5 so that containers that failed together do not retry
 * together.
 */
function exponentialBackOff(attempt: number): number {
  return 50 * 2 ** (attempt - 1) * (0.5 + Math.random());
}
