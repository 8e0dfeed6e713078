import { dispositionOf } from './disposition.ts';
import { type Invocation, type RecordFailure, RecordsFailedError, type RecordsHandler } from './failures.ts';
import { beforeTimeout, requireTime } from './invocation-time.ts';
import type { KafkaRecord } from './records.ts';

/**
 * Hands the records to the handler once, and in halves when it fails without naming the records at fault.
 * @returns the failures: as the handler named them, or found by bisecting
 * @throws the infrastructure failure, which no record is to blame for, or `InvocationTimeShortError`
 */
export async function attempt(
  handler: RecordsHandler,
  records: readonly KafkaRecord[],
  invocation: Invocation,
): Promise<readonly RecordFailure[]> {
  if (records.length === 0) return [];
  requireTime(invocation, 0);
  try {
    await beforeTimeout(handler(records, invocation), invocation);
    return [];
  } catch (error) {
    rethrowOutage(error);
    return namedFailures(error, records) ?? (await bisect(error, handler, records, invocation));
  }
}

/** An outage says nothing about the records, so it fails the whole invocation. */
function rethrowOutage(error: unknown): void {
  const errors =
    error instanceof RecordsFailedError ? error.failures.map((failure) => failure.error) : [error];
  for (const one of errors) if (dispositionOf(one) === 'infrastructure') throw one;
}

/**
 * What the handler named, each record once; undefined when it named nothing, or a record that it was not
 * given.
 */
function namedFailures(error: unknown, records: readonly KafkaRecord[]): RecordFailure[] | undefined {
  if (!(error instanceof RecordsFailedError) || error.failures.length === 0) return undefined;
  const given = new Map(records.map((record) => [identityOf(record), record]));
  const named = new Map<string, RecordFailure>();
  for (const failure of error.failures) {
    const identity = identityOf(failure.record);
    const record = given.get(identity);
    if (!record) return undefined;
    if (!named.has(identity)) named.set(identity, { record, error: failure.error });
  }
  return [...named.values()];
}

/** Attempts each half; a record that fails alone is at fault. */
async function bisect(
  error: unknown,
  handler: RecordsHandler,
  records: readonly KafkaRecord[],
  invocation: Invocation,
): Promise<readonly RecordFailure[]> {
  const [record, ...others] = records;
  if (record && others.length === 0) return [{ record, error }];
  const middle = Math.ceil(records.length / 2);
  const first = await attempt(handler, records.slice(0, middle), invocation);
  const second = await attempt(handler, records.slice(middle), invocation);
  return [...first, ...second];
}

function identityOf({ topic, partition, offset }: KafkaRecord): string {
  return `${topic}/${partition}/${offset}`;
}
