import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import { logger } from '../../lib/logger.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import type { Settlement } from './order.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';

type Outcome = ReceivedEvent<typeof inventoryReserved | typeof inventoryRejected>;

interface Dependencies {
  readonly store: Pick<OrderStore, 'settle'>;
  readonly now: () => Date;
}

/**
 * Moves each pending order to what inventory decided. An order that has left PENDING, such as a cancelled
 * one, stays as it is.
 */
export function settleOrder({ store, now }: Dependencies) {
  return async (outcomes: readonly Outcome[]): Promise<void> => {
    // The first outcome of an order counts: inventory decides once, so a second outcome is a duplicate.
    const settlements = new Map<number, Settlement>();
    for (const outcome of outcomes.map(settlementOf)) {
      if (!settlements.has(outcome.orderId)) settlements.set(outcome.orderId, outcome);
    }
    const unknown = await store.settle([...settlements.values()], now());
    for (const orderId of unknown)
      logger.warn('an outcome came for an order that does not exist', { orderId });
  };
}

function settlementOf(outcome: Outcome): Settlement {
  const { orderId } = outcome.value;
  if ('reservedAt' in outcome.value) return { orderId, status: 'CONFIRMED' };
  const { reason, shortages } = outcome.value;
  return { orderId, status: 'REJECTED', rejection: { reason, ...(shortages && { shortages }) } };
}

export const handler = kafkaFunction(
  withFailureDestination(
    consume(
      [inventoryReserved, inventoryRejected],
      settleOrder({ store: createOrderStore(connectDatabase()), now: () => new Date() }),
    ),
    { publisher: connectPublisher(), consumerGroupOf: consumerGroups() },
  ),
);
