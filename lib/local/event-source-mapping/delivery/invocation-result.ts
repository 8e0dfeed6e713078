import type { SerializedRecord } from './lambda-event.ts';

/** The result of a call, as the event source mapping sees it. */
export type InvocationResult =
  | { readonly type: 'success' }
  /** The function failed: counts as an attempt. */
  | { readonly type: 'function-error'; readonly reason: string }
  /** The function named the records that failed. */
  | { readonly type: 'item-failures'; readonly failed: readonly SerializedRecord[] }
  /** The endpoint does not take an event of this size. */
  | { readonly type: 'too-large' }
  /** The call did not reach the function: uses up no retry. */
  | { readonly type: 'unavailable'; readonly reason: string };

/**
 * Interprets the response of a function with `ReportBatchItemFailures`: an empty response is success, and an
 * identifier that was not in the event fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function judgeItemFailures(
  payload: string,
  topic: string,
  records: readonly SerializedRecord[],
): InvocationResult {
  const response = parseResponse(payload);
  if (response === null) return { type: 'success' };
  const failures = isObject(response) ? (response.batchItemFailures ?? []) : undefined;
  if (!Array.isArray(failures)) return invalid('the response is not {"batchItemFailures": […]}');
  const failed = new Set<SerializedRecord>();
  for (const failure of failures) {
    const record = failedRecord(failure, topic, records);
    if (typeof record === 'string') return invalid(record);
    failed.add(record);
  }
  if (failed.size === 0) return { type: 'success' };
  return { type: 'item-failures', failed: records.filter((record) => failed.has(record)) };
}

/**
 * Text that is not JSON (serverless-offline does not escape a returned string) is as invalid as any other
 * string.
 */
function parseResponse(payload: string): unknown {
  if (payload === '') return null;
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

/** The record that a failure names, or the reason the failure is invalid. */
function failedRecord(
  failure: unknown,
  topic: string,
  records: readonly SerializedRecord[],
): SerializedRecord | string {
  const identifier = isObject(failure) ? failure.itemIdentifier : undefined;
  const shown = JSON.stringify(failure);
  if (!isObject(identifier)) {
    return `itemIdentifier must be an object {"partition": "${topic}-0", "offset": 0}, not ${shown}`;
  }
  if ('topic-partition' in identifier)
    return `the key is "partition", not "topic-partition" as it once was: ${shown}`;
  const { partition, offset } = identifier;
  const named = records.find(
    (record) => record.offset === offset && `${topic}-${record.partition}` === partition,
  );
  return named ?? `${shown} names a record that was not in the event`;
}

function invalid(reason: string): InvocationResult {
  return { type: 'function-error', reason: `invalid partial batch response: ${reason}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
