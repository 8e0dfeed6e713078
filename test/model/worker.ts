import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { consume } from '../../lib/kafka/consume.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import type { RecordsHandler } from '../../lib/kafka/failures.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { createDatabase } from '../../lib/postgres/database.ts';
import { environment } from '../support/environment.ts';
import { invocation } from '../support/record.ts';
import { type Fault, faultyDatabase, faultyPublisher, type Mishap } from './fault.ts';
import type { Log } from './log.ts';

environment();
const { createInventoryStore } = await import('../../functions/inventory/inventory-store.ts');
const { releaseInventory } = await import('../../functions/inventory/release-inventory.ts');
const { reserveInventory } = await import('../../functions/inventory/reserve-inventory.ts');
const { cancelOrder } = await import('../../functions/order/cancel-order.ts');
const { createOrder } = await import('../../functions/order/create-order.ts');
const { createOrderStore } = await import('../../functions/order/order-store.ts');
const { createOutbox } = await import('../../functions/order/outbox.ts');
const { relayOutbox } = await import('../../functions/order/relay-outbox.ts');
const { settleOrder } = await import('../../functions/order/settle-order.ts');

/** The SKU that injects a fault. */
export const faultSku = 'FAIL';

/** Each function and a topic that it reads, as `serverless.yml` ties them. */
export const subscriptions = [
  { functionKey: 'reserveInventory', topic: orderCreated.topic },
  { functionKey: 'releaseInventory', topic: orderCancelled.topic },
  { functionKey: 'settleOrder', topic: inventoryReserved.topic },
  { functionKey: 'settleOrder', topic: inventoryRejected.topic },
] as const;
export type Subscription = (typeof subscriptions)[number];

export type Worker = ReturnType<typeof createWorker>;

/** A container of every function: the real handlers and stores on the real database, with the log for Kafka. */
export function createWorker(databaseUrl: string, log: () => Log) {
  const mishap: Mishap = { fault: 'none' };
  const real = createDatabase(databaseUrl);
  const database = faultyDatabase(real, mishap);
  const publisher = faultyPublisher(log, mishap);
  const now = () => new Date();
  const orders = createOrderStore(database);
  const inventory = createInventoryStore(database);
  // Rows are removed behind the request's back, so not by the invocation that meets the fault.
  const outbox = createOutbox(createOrderStore(real), publisher);

  const wrapped = (functionKey: string, handler: RecordsHandler) =>
    withFailureDestination(handler, {
      publisher,
      consumerGroupOf: (topic) => `${functionKey}-${topic}`,
      backOffMs: () => 0,
    });
  const consumers = {
    reserveInventory: consume(
      [orderCreated],
      reserveInventory({ store: inventory, publisher, faultSku, now }),
    ),
    releaseInventory: consume([orderCancelled], releaseInventory({ store: inventory, publisher, now })),
    settleOrder: consume([inventoryReserved, inventoryRejected], settleOrder({ store: orders, now })),
  };

  /** Runs one invocation with a fault. */
  const during = async <T>(fault: Fault, work: () => Promise<T>): Promise<T> => {
    mishap.fault = fault;
    try {
      return await work();
    } finally {
      mishap.fault = 'none';
    }
  };

  return {
    during,
    consume: async (functionKey: Subscription['functionKey'], records: readonly KafkaRecord[]) => {
      await wrapped(functionKey, consumers[functionKey])(records, invocation);
    },
    createOrder: createOrder({ store: orders, outbox, now }),
    cancelOrder: cancelOrder({ store: orders, outbox, now }),
    // Far ahead, so that no row is too young.
    relayOutbox: relayOutbox({ store: orders, publisher, now: () => new Date(Date.now() + 60_000) }),
    setOnHand: (sku: string, onHand: number) => inventory.setOnHand(sku, onHand),
    database: real,
  };
}
