import { functionEntry, type LambdaHandler } from '../function-entry.ts';
import type { Invocation } from './failures.ts';
import { type KafkaEvent, type KafkaRecord, recordsOf } from './records.ts';

/**
 * The Lambda handler of a function with Kafka triggers. Its result is for people who invoke it by hand; a
 * trigger ignores it.
 */
export function kafkaFunction<Result>(
  handle: (records: readonly KafkaRecord[], invocation: Invocation) => Promise<Result>,
): LambdaHandler<KafkaEvent, Result> {
  return functionEntry(async (event, context) =>
    handle(recordsOf(event), { remainingMs: () => context.getRemainingTimeInMillis() }),
  );
}
