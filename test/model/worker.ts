import { orderCancelled } from '../../lib/contracts/order-cancelled.ts';
import { orderCreated } from '../../lib/contracts/order-created.ts';
import { deadLetterTopicOf } from '../../lib/contracts/contract.ts';
import { inventoryReleased } from '../../lib/contracts/inventory-released.ts';
import { inventoryRejected } from '../../lib/contracts/inventory-rejected.ts';
import { inventoryReserved } from '../../lib/contracts/inventory-reserved.ts';
import { consume } from '../../lib/kafka/consume.ts';
import { withFailureDestination } from '../../lib/kafka/failure-destination.ts';
import type { Invocation, RecordsHandler } from '../../lib/kafka/failures.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import type { KafkaRecord } from '../../lib/kafka/records.ts';
import { createDatabase, type Database } from '../../lib/postgres/database.ts';
import { environment } from '../support/environment.ts';
import { invocation } from '../support/record.ts';
import type { ReceivedMail } from '../support/snapshot.ts';
import { type Fault, faultyChannel, faultyDatabase, faultyPublisher, type Mishap } from './fault.ts';
import type { Log } from './log.ts';

environment();
const { archiveDeadLetter } = await import('../../functions/dead-letter/archive-dead-letter.ts');
const { createDeadLetterStore } = await import('../../functions/dead-letter/dead-letter-store.ts');
const { redriveDeadLetters } = await import('../../functions/dead-letter/redrive-dead-letters.ts');
const { createInventoryStore } = await import('../../functions/inventory/inventory-store.ts');
const { releaseInventory } = await import('../../functions/inventory/release-inventory.ts');
const { reserveInventory } = await import('../../functions/inventory/reserve-inventory.ts');
const { createAddressStore } = await import('../../functions/notification/address-store.ts');
const { createNotificationStore } = await import('../../functions/notification/notification-store.ts');
const { notify } = await import('../../functions/notification/notify.ts');
const { cancelOrder } = await import('../../functions/order/cancel-order.ts');
const { createOrder } = await import('../../functions/order/create-order.ts');
const { createOrderStore } = await import('../../functions/order/order-store.ts');
const { createOutbox } = await import('../../functions/order/outbox.ts');
const { relayOutbox } = await import('../../functions/order/relay-outbox.ts');
const { settleOrder } = await import('../../functions/order/settle-order.ts');

/** The SKU that injects a fault. */
export const faultSku = 'FAIL';

/** Each function and a topic that it reads, as connected in `serverless.yml`. */
export const subscriptions = [
  { functionKey: 'reserveInventory', topic: orderCreated.topic },
  { functionKey: 'releaseInventory', topic: orderCancelled.topic },
  { functionKey: 'settleOrder', topic: inventoryReserved.topic },
  { functionKey: 'settleOrder', topic: inventoryRejected.topic },
  { functionKey: 'notify', topic: inventoryReserved.topic },
  { functionKey: 'notify', topic: inventoryRejected.topic },
  { functionKey: 'notify', topic: inventoryReleased.topic },
  { functionKey: 'archiveDeadLetter', topic: deadLetterTopicOf(orderCreated.topic) },
] as const;
export type Subscription = (typeof subscriptions)[number];

export type Worker = ReturnType<typeof createWorker>;

/** What the workers share. */
interface Surroundings {
  readonly databaseUrl: string;
  readonly log: () => Log;
  readonly mails: ReceivedMail[];
}

/**
 * Invocations of `notify` are so short that one that aborts keeps its messages claimed for only a moment. In
 * ms.
 */
const notifyInvocation = { remainingMs: () => 5_100 };

/**
 * A container of every function: the real handlers and stores on the real database, with the log as Kafka.
 */
export function createWorker({ databaseUrl, log, mails }: Surroundings) {
  const mishap: Mishap = { fault: 'none' };
  const real = createDatabase(databaseUrl);
  const database = faultyDatabase(real, mishap);
  const publisher = faultyPublisher(log, mishap);
  const now = () => new Date();
  const orders = createOrderStore(database);
  const inventory = createInventoryStore(database);
  const deadLetters = createDeadLetterStore(database);
  // Rows are removed in the background, so not by the invocation that hits the fault.
  const outbox = createOutbox(createOrderStore(real), publisher);
  const redrive = redriveDeadLetters({
    store: deadLetters,
    publisher,
    triggers: [],
    pause: () => Promise.resolve(),
  });

  return {
    /** Runs one invocation with a fault. */
    during: async <T>(fault: Fault, work: () => Promise<T>): Promise<T> => {
      mishap.fault = fault;
      try {
        return await work();
      } finally {
        mishap.fault = 'none';
      }
    },
    consumers: createConsumers({ database, publisher, mails, mishap, now }),
    createOrder: createOrder({ store: orders, outbox, now }),
    cancelOrder: cancelOrder({ store: orders, outbox, now }),
    // Far ahead, so that no row is too young.
    relayOutbox: relayOutbox({ store: orders, publisher, now: () => new Date(Date.now() + 60_000) }),
    redriveDeadLetters: () => redrive({ operator: 'model' }, invocation),
    setOnHand: (sku: string, onHand: number) => inventory.setOnHand(sku, onHand),
    database: real,
  };
}

interface Parts {
  readonly database: Database;
  readonly publisher: ReportingPublisher;
  readonly mails: ReceivedMail[];
  readonly mishap: Mishap;
  readonly now: () => Date;
}

type Consumers = Record<Subscription['functionKey'], (records: readonly KafkaRecord[]) => Promise<unknown>>;

/** The functions with Kafka triggers, composed as their files compose them. */
function createConsumers({ database, publisher, mails, mishap, now }: Parts): Consumers {
  const inventory = createInventoryStore(database);
  const email = faultyChannel(mails, mishap);
  const notifying = notify({
    store: createNotificationStore(database),
    addressStore: createAddressStore(database),
    channels: { email: () => Promise.resolve(email) },
    atOnce: 4,
    sendTimeoutMs: 20,
  });
  const wrapped = (functionKey: string, handler: RecordsHandler, limits: Invocation = invocation) => {
    const consumerGroupOf = (topic: string) => `${functionKey}-${topic}`;
    const handle = withFailureDestination(handler, { publisher, consumerGroupOf, backOffMs: () => 0 });
    return (records: readonly KafkaRecord[]) => handle(records, limits);
  };
  return {
    reserveInventory: wrapped(
      'reserveInventory',
      consume([orderCreated], reserveInventory({ store: inventory, publisher, faultSku, now })),
    ),
    releaseInventory: wrapped(
      'releaseInventory',
      consume([orderCancelled], releaseInventory({ store: inventory, publisher, now })),
    ),
    settleOrder: wrapped(
      'settleOrder',
      consume(
        [inventoryReserved, inventoryRejected],
        settleOrder({ store: createOrderStore(database), now }),
      ),
    ),
    notify: wrapped(
      'notify',
      consume([inventoryReserved, inventoryRejected, inventoryReleased], notifying),
      notifyInvocation,
    ),
    archiveDeadLetter: archiveDeadLetter({ store: createDeadLetterStore(database) }),
  };
}
