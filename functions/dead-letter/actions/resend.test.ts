import { fakePublisher, refusal, refusingPublisher } from '../../../test/support/fake-publisher.ts';
import type { Redrivable } from '../store/redrive-step.ts';
import { resend } from './resend.ts';

const letter = (deadLetterId: number, rest: Partial<Redrivable> = {}): Redrivable => ({
  deadLetterId,
  topic: 'order.created.DLT',
  originalTopic: 'order.created',
  key: Buffer.from(`key-${deadLetterId}`),
  value: Buffer.from('{}'),
  headers: [],
  ...rest,
});

const header = (name: string, value = '') => ({ name, value: Buffer.from(value) });

describe('sending dead letters again', () => {
  it('when no topic is named, sends each to the topic that its dead-letter topic belongs to', async () => {
    const publisher = fakePublisher();
    const letters = [letter(1), letter(2, { topic: 'orders-dlt', originalTopic: 'orders' })];
    expect(await resend(publisher, letters, undefined)).toEqual({ acknowledged: [1, 2], refused: [] });
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['order.created', 'orders']);
  });

  it('when a header names another topic than its own, refuses that one and sends the rest', async () => {
    const publisher = fakePublisher();
    const stray = letter(1, { originalTopic: 'inventory.reserved' });
    const { acknowledged, refused } = await resend(publisher, [stray, letter(2)], undefined);
    expect(acknowledged).toEqual([2]);
    expect(refused).toEqual([
      {
        id: 1,
        topic: 'inventory.reserved',
        reason:
          'Its header names the topic inventory.reserved, but order.created.DLT holds dead letters of order.created. Name a target to send it.',
      },
    ]);
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['order.created']);
  });

  it('when an operator names a topic, sends there whatever the headers say', async () => {
    const publisher = fakePublisher();
    const stray = letter(1, { originalTopic: 'inventory.reserved' });
    expect(await resend(publisher, [stray], 'order.repaired')).toMatchObject({ acknowledged: [1] });
    expect(publisher.published.map(({ topic }) => topic)).toEqual(['order.repaired']);
  });

  it('when Kafka does not know the topic that an operator named, blames the request and not the dead letters', async () => {
    const publisher = fakePublisher();
    publisher.publishEach = (records) =>
      Promise.resolve({
        acknowledged: [],
        refused: records.map((record) => ({ record, error: refusal('UNKNOWN_TOPIC_OR_PARTITION', 'typo') })),
      });
    await expect(resend(publisher, [letter(1)], 'typo')).rejects.toMatchObject({
      code: 'OPENORDER_INVALID_REQUEST',
      message: expect.stringMatching(/^target: .*typo: UNKNOWN_TOPIC_OR_PARTITION/) as string,
    });
  });

  it('when the headers of earlier failures make a record too large, sends it as it was before the first', async () => {
    const headers = [
      header('traceparent', 'kept'),
      header('kafka_dlt-original-topic', 'order.created'),
      header('kafka_dlt-exception-stacktrace', 'long'),
      header('kafka_original-offset'),
      header('openorder-redrive-count', '1'),
    ];
    const publisher = refusingPublisher((record) => record.headers.length > 1);
    expect(await resend(publisher, [letter(1, { headers })], undefined)).toEqual({
      acknowledged: [1],
      refused: [],
    });
    expect(publisher.published).toMatchObject([
      { value: Buffer.from('{}'), headers: [header('traceparent', 'kept')] },
    ]);
  });

  it('when a record is too large even so, names it with the reason that Kafka gave', async () => {
    const publisher = refusingPublisher(({ key }) => String(key) === 'key-1');
    const { acknowledged, refused } = await resend(publisher, [letter(1), letter(2)], undefined);
    expect(acknowledged).toEqual([2]);
    expect(refused).toMatchObject([{ id: 1, topic: 'order.created' }]);
    expect(refused[0]?.reason).toMatch(/^Kafka refused to write to order\.created: MESSAGE_TOO_LARGE\./);
  });
});
