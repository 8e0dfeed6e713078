import { type Caller, limitedTo } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { conflict } from '../../lib/http/problem.ts';
import type { HttpRequest } from '../../lib/http/request.ts';
import { withCircuitBreaker } from '../../lib/kafka/circuit-breaker.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { noSuchOrder, orderIdOf } from './order-id.ts';
import { createOrderStore, type OrderStore } from './order-store.ts';
import { createOutbox, type Outbox } from './outbox.ts';

interface Dependencies {
  readonly store: Pick<OrderStore, 'cancel'>;
  readonly outbox: Outbox;
  readonly now: () => Date;
}

/**
 * Cancels an order unless it was rejected; a repeated cancel gets the same answer. `order.cancelled` makes
 * inventory release the stock.
 */
export function cancelOrder({ store, outbox, now }: Dependencies) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const orderId = orderIdOf(request);
    const occurrence = occurrenceAt(now(), request.headers['traceparent']);
    const result = await store.cancel(orderId, occurrence, limitedTo(caller));
    if (result.outcome === 'unknown') throw noSuchOrder();
    if (result.outcome === 'rejected-before')
      throw conflict('order-rejected', 'The order was rejected; there is nothing to cancel.');
    if (result.outboxRow) await outbox.publish(result.outboxRow);
    return { status: 202, body: { orderId, status: 'CANCELLED' } };
  };
}

const store = createOrderStore(connectDatabase());

export const handler = httpFunction(
  { scopes: ['customer', 'operator:write'] },
  cancelOrder({
    store,
    outbox: createOutbox(store, withCircuitBreaker(connectPublisher())),
    now: () => new Date(),
  }),
);
