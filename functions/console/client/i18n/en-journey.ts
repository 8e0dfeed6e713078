import { plural } from './plural.ts';

type Outcomes = Readonly<Record<'done' | 'rejected' | 'failed', string>>;

/** What a function did, by its key in serverless.yml; a function that is not here is shown by its name. */
const did: Readonly<Record<string, Outcomes | undefined>> = {
  createOrder: { done: 'Order taken', rejected: 'Order refused', failed: 'Order not taken' },
  reserveInventory: {
    done: 'Stock reserved',
    rejected: 'Stock could not be reserved',
    failed: 'Reserving failed',
  },
  settleOrder: { done: 'Order confirmed', rejected: 'Order rejected', failed: 'Settling failed' },
  cancelOrder: { done: 'Order cancelled', rejected: 'Cancel refused', failed: 'Cancelling failed' },
  releaseInventory: { done: 'Stock released', rejected: 'Nothing to release', failed: 'Releasing failed' },
  notify: { done: 'Customer notified', rejected: 'Customer notified', failed: 'Notifying failed' },
};

/** What the journey of an order says. */
export const journey = {
  title: (orderId: string) => `Order ${orderId}`,
  steps: 'What has happened, step by step',
  customer: 'customer',
  cancel: 'Cancel order',
  cancelQuestion: (orderId: number) =>
    `Cancel order ${orderId}? What is reserved for it is released. This cannot be undone.`,
  did,
  published: 'Published',
  total: (time: string) => `From the order to the last step: ${time}.`,
  noRecords: 'Its records are no longer on the topics; what you see comes from the database.',
  setAside: (items: string) => `Set aside for this order: ${items}.`,
  shortage: (requested: number, available: number) => `wanted ${requested}, available ${available}`,
  reasons: {
    OUT_OF_STOCK: 'There is not enough in stock.',
    UNKNOWN_SKU: 'It names a SKU that does not exist.',
    ORDER_CANCELLED: 'The order was cancelled before its stock was reserved.',
  } as Readonly<Record<string, string | undefined>>,
  kinds: { reserved: 'Confirmation', rejected: 'Rejection', released: 'Cancellation' },
  channels: { email: 'e-mail', sms: 'SMS', push: 'push', webhook: 'webhook' } as Readonly<
    Record<string, string | undefined>
  >,
  message: (kind: string, channel: string) => `${kind} by ${channel}`,
  showMail: (subject: string) => `Show the mail “${subject}”`,
  letter: (id: number | string) => `Dead letter ${id}`,
  attempts: (count: number) => plural(count, 'attempt', 'attempts'),
  redriven: (count: number) => `redriven ${plural(count, 'time', 'times')} before`,
};

/** What a waiting order waits for. */
export const waiting = {
  since: (time: string) => `Waiting for ${time}.`,
  underWay: 'The order is being processed.',
  outbox:
    'Kafka does not have the order’s event yet. It is safe in the outbox, which is relayed every minute.',
  kafka:
    'Kafka does not answer. The order is safe in the database; once Kafka is back, it goes on within a minute.',
  settling: 'The decision is made; settleOrder is about to write it to the order.',
  decision: (id: number) =>
    `Reserving failed too often, so dead letter ${id} waits for a decision: redrive it, or park it.`,
  triggerUnknown: (name: string) => `Waiting for ${name}; how far it is behind is unknown.`,
  trigger: (name: string, ahead: number, partition: number, remaining: string | undefined) => {
    if (ahead < 0) return `${name} has taken it; what came of it will be here in a moment.`;
    if (ahead === 0) return `${name} is working on it.`;
    const time = remaining === undefined ? '' : `, about ${remaining}`;
    return `Waiting for ${name}: ${plural(ahead, 'record', 'records')} ahead in partition ${partition}${time}.`;
  },
};
