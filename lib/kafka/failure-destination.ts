import { setTimeout as wait } from 'node:timers/promises';
import { InvocationTimeShortError } from '../errors.ts';
import { classOf } from './dead-letter.ts';
import { dispositionOf } from './disposition.ts';
import type { Invocation, RecordFailure, RecordsHandler } from './failures.ts';
import { RecordsFailedError } from './failures.ts';
import { publishDeadLetters } from './publish-dead-letters.ts';
import type { ReportingPublisher } from './publisher.ts';
import type { KafkaRecord } from './records.ts';

/** How failed records are tried again and where they go in the end. */
export interface FailureDestination {
  /** Sends the dead letters. */
  readonly publisher: Pick<ReportingPublisher, 'publishEach'>;
  /** The consumer group that reads a topic for this function; it goes into the dead letter's headers. */
  readonly consumerGroupOf: (topic: string) => string;
  /** How often a record is tried in all; 3 unless told. */
  readonly attempts?: number;
  /** Milliseconds to wait after the n-th attempt (from 1); 50, 100, 200 … with jitter unless told. */
  readonly backOffMs?: (attempt: number) => number;
}

/** What became of a batch; a trigger ignores it, a person who invokes the function by hand sees it. */
export interface BatchSummary {
  readonly handled: number;
  readonly deadLettered: readonly { topic: string; partition: number; offset: number; error: string }[];
}

/** With less than this left of the invocation no attempt is begun. */
const reserveMs = 2_000;

/** With so much left an attempt is given up: failing before the time-out keeps the container, and says why. */
const lastMomentMs = 1_000;

/**
 * Wraps a handler of records so that a failed record does not hold up the others: it is set aside until the rest of the batch
 * is done, tried again with back-off, and then published to `<topic>.DLT`. Which record failed is said by `RecordsFailedError`;
 * when any other error comes, the batch is split in halves until the record is found. Infrastructure failures fail the invocation,
 * so that the trigger delivers again: nothing is dead-lettered for an outage.
 *
 * A batch may be delivered again, and a record handled again after it failed, so the handler must be idempotent. An attempt that is
 * given up for lack of time may still go on in the background for a moment.
 *
 * @throws the infrastructure failure, `BrokerUnavailableError` or `DeadLetterRefusedError` when a dead letter cannot be published,
 * or `InvocationTimeShortError` when the invocation's time is nearly over
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
      exhausted.push(...final);
      if (retriable.length === 0) break;
      await backOff(backOffMs(made), invocation);
      failures = await attempt(handler, retriable, invocation);
    }
    await beforeTimeOut(publishDeadLetters(exhausted, publisher, consumerGroupOf), invocation);
    return summaryOf(records, exhausted);
  };
}

/** No handler sees a record that its event did not hold whole. */
function faultOf(record: KafkaRecord): RecordFailure[] {
  return record.fault ? [{ record, error: record.fault }] : [];
}

/** Tries the records once and tells which failed, by the handler's word or by splitting the batch. */
async function attempt(
  handler: RecordsHandler,
  records: readonly KafkaRecord[],
  invocation: Invocation,
): Promise<readonly RecordFailure[]> {
  if (records.length === 0) return [];
  ensureTimeLeft(invocation, 0);
  try {
    await beforeTimeOut(handler(records, invocation), invocation);
    return [];
  } catch (error) {
    const failures = failuresIn(error, records);
    if (failures) return failures;
    const middle = Math.ceil(records.length / 2);
    const first = await attempt(handler, records.slice(0, middle), invocation);
    return [...first, ...(await attempt(handler, records.slice(middle), invocation))];
  }
}

/** The failed records as far as the error tells, or undefined when the batch must be split to find them. Rethrows what no record is to blame for. */
function failuresIn(error: unknown, records: readonly KafkaRecord[]): readonly RecordFailure[] | undefined {
  const named = error instanceof RecordsFailedError ? error.failures : [{ error }];
  const blameless = named.find((failure) => dispositionOf(failure.error) === 'infrastructure');
  if (blameless) throw blameless.error;
  const [only, ...others] = records;
  const split = only && others.length === 0 ? [{ record: only, error }] : undefined;
  return error instanceof RecordsFailedError ? (failuresWithin(error, records) ?? split) : split;
}

/** What a handler named, each record once; undefined when it named no record, or one that it was not given. */
function failuresWithin({ failures }: RecordsFailedError, records: readonly KafkaRecord[]) {
  const given = new Map(records.map((record) => [identityOf(record), record]));
  const named = new Map<string, RecordFailure>();
  for (const failure of failures) {
    const record = given.get(identityOf(failure.record));
    if (!record) return undefined;
    if (!named.has(identityOf(record))) named.set(identityOf(record), { record, error: failure.error });
  }
  return named.size === 0 ? undefined : [...named.values()];
}

function identityOf({ topic, partition, offset }: KafkaRecord): string {
  return `${topic}/${partition}/${offset}`;
}

function sortOut(failures: readonly RecordFailure[], moreAttempts: boolean) {
  const isFinal = ({ error }: RecordFailure) => !moreAttempts || dispositionOf(error) === 'permanent';
  return {
    final: failures.filter(isFinal),
    retriable: failures.filter((failure) => !isFinal(failure)).map((failure) => failure.record),
  };
}

async function backOff(ms: number, invocation: Invocation): Promise<void> {
  ensureTimeLeft(invocation, ms);
  await wait(ms);
}

function ensureTimeLeft(invocation: Invocation, neededMs: number): void {
  if (invocation.remainingMs() <= neededMs + reserveMs) throw timeShort();
}

async function beforeTimeOut<Result>(work: Promise<Result>, invocation: Invocation): Promise<Result> {
  const done = new AbortController();
  const leftMs = Math.max(0, Math.min(invocation.remainingMs() - lastMomentMs, longestTimerMs));
  const lastMoment = wait(leftMs, undefined, { signal: done.signal }).then(() => {
    throw timeShort();
  });
  try {
    return await Promise.race([work, lastMoment]);
  } finally {
    done.abort();
  }
}

/** setTimeout takes no more. */
const longestTimerMs = 2 ** 31 - 1;

function timeShort(): InvocationTimeShortError {
  return new InvocationTimeShortError(
    'The time of the invocation is nearly over; raise the function timeout or lower the batch size if this repeats.',
  );
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

/** 50 ms, doubled with each attempt, times 0.5 to 1.5 so that containers that failed together do not come back together. */
function exponentialBackOff(attempt: number): number {
  return 50 * 2 ** (attempt - 1) * (0.5 + Math.random());
}
