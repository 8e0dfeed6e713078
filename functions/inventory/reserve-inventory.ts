import { setting } from '../../lib/config.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { occurrenceAt, traceparentOf } from '../../lib/kafka/event.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { RecordsFailedError } from '../../lib/kafka/failures.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { FaultInjectedError, OrderContradictedError } from './errors.ts';
import { inventoryRecord, outcomeEvent } from './inventory-event.ts';
import { createInventoryStore, type InventoryStore } from './inventory-store.ts';
import { isSameDemand } from './reservation.ts';

type Order = ReceivedEvent<typeof orderCreated>;

interface Dependencies {
  readonly store: Pick<InventoryStore, 'reserve'>;
  readonly publisher: Publisher;
  /** The SKU that injects a fault into its order; undefined in production. */
  readonly faultSku: string | undefined;
  readonly now: () => Date;
}

/**
 * Decides each order once and publishes the decision, whether made now or earlier. A record under the id of
 * another order decides nothing. The offset advances only after the broker has the outcomes, so the input
 * topic itself is the retry queue for publishing.
 */
export function reserveInventory({ store, publisher, faultSku, now }: Dependencies) {
  return async (orders: readonly Order[]): Promise<void> => {
    const hasFault = (order: Order) => order.value.items.some((item) => item.sku === faultSku);
    const sound = orders.filter((order) => !hasFault(order));
    const firstOf = new Map(sound.toReversed().map((order) => [order.value.orderId, order]));
    const decidedAt = now();
    const { events, contradicted } = await store.reserve(
      [...firstOf.values()].reverse().map((order) => order.value),
      (decided) =>
        outcomeEvent(decided, occurrenceAt(decidedAt, traceOf(firstOf.get(decided.demand.orderId)))),
    );
    await publisher.publish(events.map(inventoryRecord));
    const isContradicted = ({ value }: Order) =>
      contradicted.has(value.orderId) || !isSameDemand(value, firstOf.get(value.orderId)?.value ?? value);
    const failures = [
      ...orders.filter(hasFault).map(injectedFault),
      ...sound.filter(isContradicted).map(contradiction),
    ];
    if (failures.length > 0) throw new RecordsFailedError(failures);
  };
}

function traceOf(order: Order | undefined): string | undefined {
  return order && traceparentOf(order.record);
}

function injectedFault({ record, value }: Order) {
  return {
    record,
    error: new FaultInjectedError(`Order ${value.orderId} contains the SKU that injects a fault.`),
  };
}

function contradiction({ record, value }: Order) {
  return {
    record,
    error: new OrderContradictedError(`Order ${value.orderId} was decided for another user or other items.`),
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
