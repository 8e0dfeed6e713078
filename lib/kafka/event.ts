import { randomBytes, randomUUID } from 'node:crypto';
import type { Header, OutgoingRecord } from './records.ts';
import { lastHeader } from './records.ts';

/** An event ready to be published, and to be published again just as it was. `payload` is the value's JSON text. */
export interface Event {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly time: Date;
  readonly payload: string;
  readonly traceparent: string;
}

/**
 * The Kafka record of an event: CloudEvents 1.0 in binary mode plus W3C trace context.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 * @param source URI reference of the service that publishes, such as `/openorder/order`
 */
export function toOutgoingRecord(event: Event, source: string): OutgoingRecord {
  return {
    topic: event.topic,
    key: event.key,
    value: event.payload,
    headers: [
      header('ce_specversion', '1.0'),
      header('ce_id', event.id),
      header('ce_source', source),
      header('ce_type', event.topic),
      header('ce_time', event.time.toISOString()),
      header('content-type', 'application/json'),
      header('traceparent', event.traceparent),
    ],
  };
}

const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The trace context of what follows from a cause: the same trace, a new span; a new trace when the cause has none or a malformed one.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceparentAfter(cause: string | undefined): string {
  const parent = traceparentForm.exec(cause ?? '');
  const trace = parent?.[1] ?? randomBytes(16).toString('hex');
  return `00-${trace}-${newSpanId()}-${parent?.[2] ?? '01'}`;
}

/** 16 random hex digits, cut from a UUID where none is fixed: Node keeps a stock of random bytes for those, so it takes half the time. */
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(-12) + uuid.slice(0, 4);
}

/** The `traceparent` header of a record as text, or undefined. */
export function traceparentOf(record: { readonly headers: readonly Header[] }): string | undefined {
  return lastHeader(record, 'traceparent')?.toString('utf8');
}

function header(name: string, value: string): Header {
  return { name, value: Buffer.from(value, 'utf8') };
}
