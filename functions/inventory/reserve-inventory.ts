import { setting } from '../../lib/config.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { FaultInjectedError } from './errors.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { occurrenceAt, traceparentOf } from '../../lib/kafka/event.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { RecordsFailedError } from '../../lib/kafka/failures.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { inventoryRecord, outcomeEvent } from './inventory-event.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';

type Order = ReceivedEvent<typeof orderCreated>;

interface Dependencies {
  readonly store: Pick<InventoryStore, 'reserve'>;
  readonly publisher: Publisher;
  /** The SKU that injects a fault into its order; undefined in production. */
  readonly faultSku: string | undefined;
  readonly now: () => Date;
}

/**
 * Decides each order once and publishes the decision, whether made now or before. The offset moves only after
 * the broker has the outcomes, so the input topic itself is the retry queue for publishing.
 */
export function reserveInventory({ store, publisher, faultSku, now }: Dependencies) {
  return async (orders: readonly Order[]): Promise<void> => {
    const hasFault = (order: Order) => order.value.items.some((item) => item.sku === faultSku);
    const sound = new Map(
      orders.filter((order) => !hasFault(order)).map((order) => [order.value.orderId, order]),
    );
    const decidedAt = now();
    const outcomes = await store.reserve(
      [...sound.values()].map((order) => order.value),
      (decided) => outcomeEvent(decided, occurrenceAt(decidedAt, traceOf(sound.get(decided.demand.orderId)))),
    );
    await publisher.publish(outcomes.map(inventoryRecord));
    const faulty = orders.filter(hasFault);
    if (faulty.length > 0) throw new RecordsFailedError(faulty.map(injectedFault));
  };
}

function traceOf(order: Order | undefined): string | undefined {
  return order && traceparentOf(order.record);
}

function injectedFault({ record, value }: Order) {
  return {
    record,
    error: new FaultInjectedError(`Order ${value.orderId} holds the SKU that injects a fault.`),
  };
}

const publisher = connectPublisher();

export const handler = kafkaFunction(
  withFailureDestination(
    consume(
      [orderCreated],
      reserveInventory({
        store: createInventoryStore(connectDatabase()),
        publisher,
        faultSku: setting('FAULT_SKU'),
        now: () => new Date(),
      }),
    ),
    { publisher, consumerGroupOf: consumerGroups() },
  ),
);
