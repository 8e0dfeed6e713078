import { randomBytes, randomUUID } from 'node:crypto';
import type { Contract } from '../contracts/contract.ts';
import type { Header, OutgoingRecord } from './records.ts';
import { lastHeader } from './records.ts';

/**
 * The fact that something happened, whatever it was: CloudEvents' `id` and `time`, and the span it opens. An
 * event announced again with the same occurrence is the same event.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#occurrence
 */
export interface Occurrence {
  readonly id: string;
  readonly time: Date;
  readonly traceparent: string;
}

/**
 * An event ready to be published, and to be published again unchanged. `payload` is the value's JSON text.
 */
export interface Event extends Occurrence {
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/** A new occurrence. `cause` is the `traceparent` of the request or record that led to it, if it had one. */
export function occurrenceAt(time: Date, cause: string | undefined): Occurrence {
  return { id: randomUUID(), time, traceparent: traceparentAfter(cause) };
}

/**
 * The event that announces what happened to an order, on the contract's topic; the order's id is the key, so
 * the events of one order keep their sequence.
 *
 * @example
 * announce(orderCancelled, { orderId, userId, cancelledAt }, occurrenceAt(now,
 * request.headers['traceparent']))
 */
export function announce<Value extends { readonly orderId: number }>(
  contract: Contract<Value>,
  value: NoInfer<Value>,
  occurrence: Occurrence,
): Event {
  return {
    ...occurrence,
    topic: contract.topic,
    key: String(value.orderId),
    payload: JSON.stringify(value),
  };
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
 * The trace context of an effect: the cause's trace with a new span, or a new trace when the cause has none
 * or a malformed one.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceparentAfter(cause: string | undefined): string {
  const parent = traceparentForm.exec(cause ?? '');
  const trace = parent?.[1] ?? randomBytes(16).toString('hex');
  return `00-${trace}-${newSpanId()}-${parent?.[2] ?? '01'}`;
}

/**
 * 16 random hex digits from the random part of a UUID: Node caches random bytes for UUIDs, which halves the
 * time.
 */
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(-12) + uuid.slice(0, 4);
}

/** A record's `traceparent` header as text, or undefined. */
export function traceparentOf(record: { readonly headers: readonly Header[] }): string | undefined {
  return lastHeader(record, 'traceparent')?.toString('utf8');
}

function header(name: string, value: string): Header {
  return { name, value: Buffer.from(value, 'utf8') };
}
