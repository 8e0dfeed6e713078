import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** Dead letters of one cause. */
export interface Failures {
  readonly exception: string;
  readonly count: number;
  /** The topic that their header names. */
  readonly originalTopic?: string;
  /** What the record holds; by default a valid order. */
  readonly value?: string;
}

const consumerGroup = 'openorder-local-reserveInventory-order.created';

/** Far above what this stack assigns on its own. */
let nextOrderId = 940_000_000;

/** Writes dead letters of `order.created`, as a function that failed does. */
export async function sendFailures(brokers: string[], all: readonly Failures[]): Promise<void> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = all.flatMap((failures) =>
    Array.from({ length: failures.count }, () => messageOf(failures)),
  );
  await producer.send({ topic: 'order.created.DLT', messages });
  await producer.disconnect();
}

function messageOf({ exception, originalTopic = 'order.created', value }: Failures) {
  const orderId = (nextOrderId += 1);
  const items = [{ sku: 'ABC-001', qty: 1 }];
  const order = JSON.stringify({ orderId, userId: 42, items, createdAt: new Date() });
  return {
    key: String(orderId),
    value: value ?? order,
    headers: {
      'kafka_dlt-original-topic': originalTopic,
      'kafka_dlt-original-partition': int32(0),
      'kafka_dlt-original-offset': int64(orderId),
      'kafka_dlt-original-consumer-group': consumerGroup,
      'kafka_dlt-exception-fqcn': exception,
      'kafka_dlt-exception-message': `${exception} of a test`,
      'kafka_dlt-exception-stacktrace': `${exception}: of a test\n    at reserve (functions/inventory/reserve-inventory.ts:40:7)`,
    },
  };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
