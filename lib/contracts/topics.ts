import { deadLetterTopicOf } from './contract.ts';
import { inventoryRejected } from './inventory-rejected.ts';
import { inventoryReleased } from './inventory-released.ts';
import { inventoryReserved } from './inventory-reserved.ts';
import { orderCancelled } from './order-cancelled.ts';
import { orderCreated } from './order-created.ts';

const eventTopics = [
  orderCreated,
  orderCancelled,
  inventoryReserved,
  inventoryRejected,
  inventoryReleased,
].map((contract) => contract.topic);

/**
 * Every topic of the system: one per event and, since each of these has a consumer, one for its dead letters.
 */
export const topics: readonly string[] = [...eventTopics, ...eventTopics.map(deadLetterTopicOf)];
