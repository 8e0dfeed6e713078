import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { occurrenceAt, traceparentOf } from '../../lib/kafka/event.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { inventoryRecord, releasedEvent } from './inventory-event.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';

type Cancelled = ReceivedEvent<typeof orderCancelled>;

interface Dependencies {
  readonly store: Pick<InventoryStore, 'release'>;
  readonly publisher: Publisher;
  readonly now: () => Date;
}

/**
 * Makes the stock of cancelled orders available again and announces it; an order that was never reserved
 * holds nothing and announces nothing.
 */
export function releaseInventory({ store, publisher, now }: Dependencies) {
  return async (cancellations: readonly Cancelled[]): Promise<void> => {
    const byOrder = new Map(cancellations.map((cancelled) => [cancelled.value.orderId, cancelled]));
    const releasedAt = now();
    const released = await store.release(
      [...byOrder.values()].map((cancelled) => cancelled.value),
      (demand) => releasedEvent(demand, occurrenceAt(releasedAt, traceOf(byOrder.get(demand.orderId)))),
    );
    await publisher.publish(released.map(inventoryRecord));
  };
}

function traceOf(cancelled: Cancelled | undefined): string | undefined {
  return cancelled && traceparentOf(cancelled.record);
}

const publisher = connectPublisher();

export const handler = kafkaFunction(
  withFailureDestination(
    consume(
      [orderCancelled],
      releaseInventory({
        store: createInventoryStore(connectDatabase()),
        publisher,
        now: () => new Date(),
      }),
    ),
    { publisher, consumerGroupOf: consumerGroups() },
  ),
);
