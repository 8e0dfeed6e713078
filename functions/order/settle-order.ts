import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { connectPublisher, consumerGroups } from '../../lib/kafka/connect.ts';
import { consume, type ReceivedEvent } from '../../lib/kafka/consume.ts';
import { RecordsFailedError } from '../../lib/kafka/failures.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import { kafkaFunction } from '../../lib/kafka/kafka-function.ts';
import { logger } from '../../lib/logger.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { OutcomeContradictedError } from './errors.ts';
import type { Settlement } from './order.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';

type Subject = Pick<Settlement, 'orderId' | 'userId' | 'items'>;
type Outcome = ReceivedEvent<typeof inventoryReserved | typeof inventoryRejected>;

interface Dependencies {
  readonly store: Pick<OrderStore, 'settle'>;
  readonly now: () => Date;
}

/**
 * Moves each pending order to what inventory decided. An order that has left PENDING, such as a cancelled
 * one, stays as it is. An outcome under the id of another order decides nothing.
 */
export function settleOrder({ store, now }: Dependencies) {
  return async (outcomes: readonly Outcome[]): Promise<void> => {
    // The first outcome of an order counts: inventory decides once, so a second outcome is a duplicate.
    const firstOf = new Map(outcomes.toReversed().map((outcome) => [subjectOf(outcome), outcome]));
    const settlements = [...firstOf.values()].reverse().map(settlementOf);
    const { unknown, contradicted } = await store.settle(settlements, now());
    for (const { orderId } of unknown)
      logger.warn('an outcome arrived for an order that does not exist', { orderId });
    if (contradicted.length === 0) return;
    const contradictions = new Set(contradicted.map((value) => subjectOf({ value })));
    const failed = outcomes.filter((outcome) => contradictions.has(subjectOf(outcome)));
    throw new RecordsFailedError(failed.map(contradiction));
  };
}

/** The order that an outcome is about, as text: its id, user and items. */
function subjectOf({ value: { orderId, userId, items } }: { readonly value: Subject }): string {
  return JSON.stringify([orderId, userId, items.map(({ sku, qty }) => [sku, qty])]);
}

function contradiction({ record, value: { orderId } }: Outcome) {
  const error = new OutcomeContradictedError(
    `The outcome of order ${orderId} names another user or other items.`,
  );
  return { record, error };
}

function settlementOf(outcome: Outcome): Settlement {
  const { orderId, userId, items } = outcome.value;
  const subject = { orderId, userId, items };
  if ('reservedAt' in outcome.value) return { ...subject, status: 'CONFIRMED' };
  const { reason, shortages } = outcome.value;
  return { ...subject, status: 'REJECTED', rejection: { reason, ...(shortages && { shortages }) } };
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
