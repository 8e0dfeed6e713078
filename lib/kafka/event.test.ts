import { type CloudEvent, Kafka } from 'cloudevents';
import { orderCancelled } from '../contracts/order-cancelled.ts';
import {
  announce,
  type Event,
  occurrenceAt,
  toOutgoingRecord,
  traceparentAfter,
  traceparentOf,
} from './event.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const event: Event = {
  id: '0190163d-8694-739b-aea5-966c26f8ad91',
  topic: 'order.created',
  key: '12345',
  time: new Date('2026-11-22T10:00:00.000Z'),
  payload: '{"orderId":12345}',
  traceparent,
};

/**
 * Our record as read by the CloudEvents project's own library, after its headers went over the wire as bytes.
 */
function readByOthers(): CloudEvent<unknown> {
  const { key, value, headers } = toOutgoingRecord(event, '/openorder/order');
  const text = Object.fromEntries(headers.map((header) => [header.name, header.value.toString('utf8')]));
  const message = { key: String(key), value, body: value, headers: text };
  return Kafka.toEvent(message) as CloudEvent<unknown>;
}

describe('the record of an event', () => {
  it('when an independent CloudEvents reader reads it, is a valid CloudEvent 1.0 with what went in', () => {
    const read = readByOthers();
    expect(read.validate()).toBe(true);
    expect(read).toMatchObject({
      specversion: '1.0',
      id: event.id,
      source: '/openorder/order',
      type: 'order.created',
      time: '2026-11-22T10:00:00.000Z',
      datacontenttype: 'application/json',
      partitionkey: '12345',
      data: { orderId: 12_345 },
    });
  });

  it('when it is made twice from the same event, is the same byte for byte', () => {
    expect(toOutgoingRecord(event, '/s')).toEqual(toOutgoingRecord({ ...event }, '/s'));
  });

  it("when it is read, its trace context is the event's", () => {
    expect(traceparentOf(toOutgoingRecord(event, '/s'))).toBe(traceparent);
    expect(traceparentOf({ headers: [] })).toBeUndefined();
  });
});

describe('announcing an event', () => {
  const occurrence = occurrenceAt(new Date('2026-11-22T10:00:00.000Z'), undefined);
  const value = { orderId: 7, userId: 42, cancelledAt: '2026-11-22T10:00:00.000Z' };

  it('when the value conforms to the contract, the event has its topic, its order as the key and its occurrence', () => {
    expect(announce(orderCancelled, value, occurrence)).toEqual({
      ...occurrence,
      topic: 'order.cancelled',
      key: '7',
      payload: JSON.stringify(value),
    });
  });

  it('when the value violates the contract, it does not compile', () => {
    const { orderId, userId, cancelledAt } = value;
    const uncompiled = () => [
      // @ts-expect-error a field is missing
      announce(orderCancelled, { orderId, cancelledAt }, occurrence),
      // @ts-expect-error a field has the wrong type
      announce(orderCancelled, { orderId, userId, cancelledAt: new Date() }, occurrence),
      // @ts-expect-error a field has the wrong name
      announce(orderCancelled, { orderId, userId, canceledAt: cancelledAt }, occurrence),
      // @ts-expect-error a field is unknown
      announce(orderCancelled, { orderId, userId, cancelledAt, reason: 'late' }, occurrence),
    ];
    // tsc checks the assertions: an expected error that does not occur is itself an error.
    expect(uncompiled).toBeInstanceOf(Function);
  });
});

describe('the trace context of what follows', () => {
  const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

  it('when the cause has one, is a new span of the same trace with the same flags', () => {
    const next = traceparentAfter(traceparent.replace(/01$/, '00'));
    expect(next).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
    expect(next).not.toContain('b7ad6b7169203331');
  });

  it.each([
    ['no trace', undefined],
    ['an empty one', ''],
    ['a trace of zeros', '00-00000000000000000000000000000000-b7ad6b7169203331-01'],
    ['a span of zeros', '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01'],
    ['a version that is not known', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['upper case', traceparent.toUpperCase()],
    ['something else', 'hello'],
  ])('when the cause has %s, begins a new trace', (_, cause) => {
    const next = traceparentAfter(cause);
    expect(next).toMatch(form);
    expect(next).not.toContain('0af7651916cd43dd8448eb211c80319c');
  });
});
