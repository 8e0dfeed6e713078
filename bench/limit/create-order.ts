// The bare limit of POST /api/orders: one HTTP server that writes the same rows and publishes the same event,
// without functions, gateway, validation or circuit breaker. It has one lane per connection of the load, each
// with what a container has. Started by the bench, ended by a signal.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setting } from '../../lib/config.ts';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { occurrenceAt } from '../../lib/kafka/event.ts';
import { createPublisher } from '../../lib/kafka/publisher.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { createOrderStore } from '../../functions/order/order-store.ts';
import { createOutbox } from '../../functions/order/outbox.ts';

const [port, laneCount] = process.argv.slice(2).map(Number);

const lanes = Array.from({ length: laneCount ?? 1 }, () => {
  const store = createOrderStore(createDatabase(setting('DATABASE_URL')));
  return { store, outbox: createOutbox(store, createPublisher({ brokers: setting('KAFKA_BROKERS') })) };
});

interface Order {
  readonly userId: number;
  readonly items: readonly OrderItem[];
}

async function placeOrder(order: Order): Promise<number> {
  const lane = lanes.pop();
  if (!lane) throw new Error('more concurrent requests than lanes');
  const occurrence = occurrenceAt(new Date(), undefined);
  const result = await lane.store.place({ ...order, occurrence, idempotency: undefined });
  if (result.outcome !== 'placed') throw new Error(`an order without a key was ${result.outcome}`);
  await lane.outbox.publish(result.outboxRow);
  lanes.push(lane);
  return result.orderId;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const orderId = await placeOrder((await json(request)) as Order);
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ orderId, status: 'PENDING' }));
}

const server = createServer((request, response) => void answer(request, response));
server.listen(port, '127.0.0.1', () => {
  console.log('limit program: listening');
});
process.once('SIGINT', () => process.exit(0));
