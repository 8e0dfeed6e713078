import { buildEvent, writeEvent, type EventOrigin, type SerializedRecord } from '../delivery/lambda-event.ts';
import type { FailedBatch } from '../delivery/failed-batch.ts';

/** The failed function and its source, for the failure record. */
export interface FailureOrigin extends EventOrigin {
  readonly functionName: string;
}

/**
 * What AWS sends to SQS and SNS: the position of the records, not the records themselves.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
 */
export function failureRecord(origin: FailureOrigin, batch: FailedBatch): object {
  return {
    ...failureContext(origin, batch, batch.condition),
    KafkaBatchInfo: {
      ...batchInfo(origin, batch.records),
      recordsInfo: recordsInfo(origin, batch.records),
    },
  };
}

/** What AWS stores in S3: the same, plus the event as JSON text. */
export function failureObject(origin: FailureOrigin, batch: FailedBatch): object {
  return { ...failureRecord(origin, batch), payload: writeEvent(origin, batch.records) };
}

/** What AWS sends to a Kafka topic, one message per record, with the event as an object. */
export function failureMessage(origin: FailureOrigin, batch: FailedBatch, record: SerializedRecord): object {
  const condition = batch.condition === 'RetryAttemptsExhausted' ? 'RetriesExhausted' : batch.condition;
  return {
    ...failureContext(origin, batch, condition),
    KafkaBatchInfo: {
      ...batchInfo(origin, [record]),
      recordInfo: { offset: String(record.offset), timestamp: isoTime(record) },
    },
    payload: buildEvent(origin, [record]),
  };
}

function failureContext(origin: FailureOrigin, batch: FailedBatch, condition: string): object {
  const wasCalled = batch.condition !== 'MaximumPayloadSizeExceeded' && batch.invocations > 0;
  return {
    requestContext: {
      requestId: crypto.randomUUID(),
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${origin.functionName}`,
      condition,
      approximateInvokeCount: batch.invocations,
    },
    responseContext: wasCalled
      ? { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' }
      : null,
    version: '1.0',
    timestamp: batch.failedAt.toISOString(),
  };
}

function batchInfo(origin: FailureOrigin, records: readonly SerializedRecord[]): object {
  const { eventSource, bootstrapServers } = origin;
  return {
    batchSize: records.length,
    ...(eventSource.type === 'aws:kafka' ? { eventSourceArn: eventSource.arn } : {}),
    bootstrapServers: bootstrapServers.join(','),
    payloadSize: Buffer.byteLength(writeEvent(origin, records)),
  };
}

/** Keyed by `topic-partition`, as in the event. */
function recordsInfo({ topic }: EventOrigin, records: readonly SerializedRecord[]): object {
  const byPartition = Map.groupBy(records, ({ partition }) => `${topic}-${partition}`);
  return Object.fromEntries([...byPartition].map(([key, own]) => [key, rangeOf(own)]));
}

function rangeOf(records: readonly SerializedRecord[]): object {
  const [first, last] = [records[0], records.at(-1)];
  return {
    firstRecordOffset: String(first?.offset),
    lastRecordOffset: String(last?.offset),
    firstRecordTimestamp: first && isoTime(first),
    lastRecordTimestamp: last && isoTime(last),
  };
}

function isoTime({ timestampMs }: SerializedRecord): string {
  return new Date(timestampMs).toISOString();
}
