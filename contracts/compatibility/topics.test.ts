import { type AsyncApi, brokenTopics } from './topics.ts';

const id = { type: 'integer', minimum: 1 };
const documentOf = (properties: object, required: readonly string[], group = 'readers'): AsyncApi => ({
  channels: {
    'order.created': {
      messages: { 'order.created': { payload: { type: 'object', properties, required }, headers: {} } },
    },
  },
  operations: { read: { bindings: { kafka: { groupId: { enum: [group] } } } } },
});
const before = documentOf({ orderId: id, userId: id }, ['orderId', 'userId']);
const check = (after: AsyncApi) => brokenTopics(before, after).map(({ who, reason }) => `${who}: ${reason}`);

describe('a changed topic', () => {
  it('when an optional field is added, nothing breaks', () => {
    expect(check(documentOf({ orderId: id, userId: id, note: id }, ['orderId', 'userId']))).toEqual([]);
  });

  it('when a required field is added, new consumers cannot read old records', () => {
    const after = documentOf({ orderId: id, userId: id, note: id }, ['orderId', 'userId', 'note']);
    expect(check(after)).toEqual(['new consumers, of old records: /note is missing']);
  });

  it('when a field is removed, old consumers cannot read new records', () => {
    expect(check(documentOf({ orderId: id }, ['orderId']))).toEqual(['old consumers: /userId is missing']);
  });

  it('when a type is widened, old consumers cannot read new records', () => {
    const after = documentOf({ orderId: id, userId: { type: ['integer', 'string'], minimum: 1 } }, [
      'orderId',
      'userId',
    ]);
    expect(check(after)).toEqual(['old consumers: /userId may be of type string']);
  });

  it('when a consumer group or the topic is gone, it is said', () => {
    expect(check(documentOf({ orderId: id, userId: id }, ['orderId', 'userId'], 'others'))).toEqual([
      'everybody: the consumer group is gone, and with it how far it has read',
    ]);
    expect(check({ ...before, channels: {} })).toEqual(['everybody: the topic is gone']);
  });
});
