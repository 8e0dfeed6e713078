import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { identifierSchema, orderItemsSchema } from '../../lib/contracts/order-item.ts';
import { type Caller, mayActFor } from '../../lib/http/caller.ts';
import { type Answer, httpFunction } from '../../lib/http/http-function.ts';
import { conflict, forbidden, HttpProblem } from '../../lib/http/problem.ts';
import { type HttpRequest, readBody } from '../../lib/http/request.ts';
import { withCircuitBreaker } from '../../lib/kafka/circuit-breaker.ts';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { connectPublisher } from '../../lib/kafka/connect.ts';
import { connectDatabase } from '../../lib/postgres/connect.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { createOrderStore, type OrderStore, type Placement } from './order-store.ts';
import { createOutbox, type Outbox } from './outbox.ts';

/** The body of `POST /api/orders`. */
export const newOrderSchema = v.object({ userId: identifierSchema, items: orderItemsSchema });
type NewOrder = v.InferOutput<typeof newOrderSchema>;

interface Dependencies {
  readonly store: Pick<OrderStore, 'place'>;
  readonly outbox: Outbox;
  readonly now: () => Date;
}

/**
 * Accepts an order: stores it with its event in one commit, publishes `order.created`, and answers before
 * anything is reserved.
 */
export function createOrder({ store, outbox, now }: Dependencies) {
  return async (request: HttpRequest, caller: Caller): Promise<Answer> => {
    const order = readBody(request, newOrderSchema);
    if (!mayActFor(caller, order.userId)) throw forbidden('Customers place orders for themselves only.');
    const result = await store.place(placementOf(order, request, now()));
    if (result.outcome === 'in-flight') {
      throw conflict(
        'idempotency-key-in-flight',
        'A request with this Idempotency-Key is in progress; try again.',
      );
    }
    if (result.outcome === 'replayed') return replay(result);
    await outbox.publish(result.outboxRow);
    return accepted(result.orderId);
  };
}

function placementOf(order: NewOrder, request: HttpRequest, createdAt: Date): Placement {
  const key = idempotencyKeyOf(request);
  return {
    ...order,
    occurrence: occurrenceAt(createdAt, request.headers['traceparent']),
    idempotency: key === undefined ? undefined : { key, digest: digestOf(order) },
  };
}

/** Equal orders have equal digests, regardless of whitespace and unknown fields. */
function digestOf({ userId, items }: NewOrder): string {
  const canonical = JSON.stringify([userId, items.map(({ sku, qty }) => [sku, qty])]);
  return createHash('sha256').update(canonical).digest('base64');
}

function replay({ orderId, sameRequest }: { orderId: number; sameRequest: boolean }): Answer {
  if (!sameRequest) {
    const detail = 'This Idempotency-Key was used before with another body; use a new key for a new order.';
    throw new HttpProblem(422, 'idempotency-key-reused', 'Idempotency key reused', detail);
  }
  const answer = accepted(orderId);
  return { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } };
}

function accepted(orderId: number): Answer {
  return {
    status: 201,
    body: { orderId, status: 'PENDING' },
    headers: { location: `/api/orders/${orderId}` },
  };
}

const store = createOrderStore(connectDatabase());

export const handler = httpFunction(
  { scopes: ['customer', 'operator:write'] },
  createOrder({
    store,
    outbox: createOutbox(store, withCircuitBreaker(connectPublisher())),
    now: () => new Date(),
  }),
);
