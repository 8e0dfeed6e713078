import { environment } from '../../test/support/environment.ts';
import { awayPublisher, fakePublisher, refusingPublisher } from '../../test/support/fake-publisher.ts';
import type { OutboxRow, PublishRows, RelayBatch } from './outbox-row.ts';

environment();
const { relayOutbox } = await import('./relay-outbox.ts');

const row = (outboxId: number): OutboxRow => ({
  outboxId,
  event: {
    id: '3f2c8e7a-0000-4000-8000-000000000001',
    topic: outboxId % 2 === 0 ? 'order.created' : 'order.cancelled',
    key: String(outboxId),
    time: new Date('2026-11-22T10:00:00.000Z'),
    payload: `{"orderId":${outboxId}}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
});

/** An outbox of `count` rows that relays them as the database would. */
function outboxOf(count: number) {
  let rows = Array.from({ length: count }, (_, index) => row(index + 1));
  return {
    left: () => rows.map(({ outboxId }) => outboxId),
    async relay(publish: PublishRows, { aboveId, limit }: RelayBatch) {
      const taken = rows.filter(({ outboxId }) => outboxId > aboveId).slice(0, limit);
      const published = await publish(taken);
      rows = rows.filter((kept) => !published.includes(kept));
      return {
        taken: taken.length,
        published: published.length,
        highestId: taken.at(-1)?.outboxId ?? aboveId,
      };
    },
  };
}

const now = () => new Date('2026-11-22T11:00:00.000Z');

describe('relaying the outbox', () => {
  it('when there are more rows than one batch holds, publishes all of them', async () => {
    const store = outboxOf(1_201);
    const publisher = fakePublisher();
    expect(await relayOutbox({ store, publisher, now })()).toEqual({ published: 1_201 });
    expect(store.left()).toEqual([]);
    expect(publisher.published).toHaveLength(1_201);
  });

  it('when Kafka refuses some events, publishes all others, keeps the refused ones, and fails with the reason', async () => {
    const store = outboxOf(1_201);
    const publisher = refusingPublisher(({ key }) => key === '3' || key === '700');
    await expect(relayOutbox({ store, publisher, now })()).rejects.toThrow('MESSAGE_TOO_LARGE');
    expect(store.left()).toEqual([3, 700]);
    expect(new Set(publisher.published.map(({ key }) => key)).size).toBe(1_199);
  });

  it('when Kafka refuses a whole batch, still goes on to the next', async () => {
    const store = outboxOf(501);
    const publisher = refusingPublisher(({ key }) => Number(key) <= 500);
    await expect(relayOutbox({ store, publisher, now })()).rejects.toThrow('MESSAGE_TOO_LARGE');
    expect(publisher.published.map(({ key }) => key)).toEqual(['501']);
  });

  it('when Kafka is unreachable, fails and keeps every row', async () => {
    const store = outboxOf(3);
    await expect(relayOutbox({ store, publisher: awayPublisher, now })()).rejects.toThrow('unreachable');
    expect(store.left()).toEqual([1, 2, 3]);
  });
});
