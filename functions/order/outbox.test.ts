import { DatabaseUnavailableError } from '../../lib/errors.ts';
import { awayPublisher, fakePublisher, refusingPublisher } from '../../test/support/fake-publisher.ts';
import { waitFor } from '../../test/support/wait.ts';
import type { OutboxRow } from './outbox-row.ts';
import { createOutbox } from './outbox.ts';

const row = (outboxId: number): OutboxRow => ({
  outboxId,
  event: {
    id: '3f2c8e7a-0000-4000-8000-000000000001',
    topic: 'order.created',
    key: '7',
    time: new Date('2026-11-22T10:00:00.000Z'),
    payload: '{"orderId":7}',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
});

function recordingStore() {
  const removals: number[][] = [];
  return {
    removals,
    removeFromOutbox: (ids: readonly number[]) => {
      removals.push([...ids]);
      return Promise.resolve();
    },
  };
}

describe('the outbox', () => {
  it('when the broker has the event, removes its row without making the caller wait', async () => {
    const store = recordingStore();
    const publisher = fakePublisher();
    await createOutbox(store, publisher).publish(row(1));
    expect(publisher.published[0]).toMatchObject({
      topic: 'order.created',
      key: '7',
      value: '{"orderId":7}',
    });
    expect(store.removals).toEqual([]);
    await waitFor(() => store.removals.length > 0, { deadlineMs: 1_000, what: 'the row to be removed' });
    expect(store.removals).toEqual([[1]]);
  });

  it('when many are published at once, removes them together', async () => {
    const store = recordingStore();
    const outbox = createOutbox(store, fakePublisher());
    await Promise.all([1, 2, 3].map((id) => outbox.publish(row(id))));
    await waitFor(() => store.removals.length > 0, { deadlineMs: 1_000, what: 'the rows to be removed' });
    expect(store.removals).toEqual([[1, 2, 3]]);
  });

  it('when Kafka is down, lets the caller continue and keeps the row', async () => {
    const store = recordingStore();
    await createOutbox(store, awayPublisher).publish(row(1));
    expect(store.removals).toEqual([]);
  });

  it('when Kafka refuses the event, lets the caller continue and keeps the row', async () => {
    const store = recordingStore();
    await createOutbox(
      store,
      refusingPublisher(() => true),
    ).publish(row(1));
    expect(store.removals).toEqual([]);
  });

  it('when the row cannot be removed, that does no harm: the relay publishes it again', async () => {
    let tried = false;
    const store = {
      removeFromOutbox: () => {
        tried = true;
        return Promise.reject(new DatabaseUnavailableError('unreachable'));
      },
    };
    await createOutbox(store, fakePublisher()).publish(row(1));
    await waitFor(() => tried, { deadlineMs: 1_000, what: 'the removal to be tried' });
  });

  it('when something else fails, says so', async () => {
    const publisher = { publish: () => Promise.reject(new TypeError('defect')) };
    await expect(createOutbox(recordingStore(), publisher).publish(row(1))).rejects.toThrow('defect');
  });
});
