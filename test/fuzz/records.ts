import { randomBytes } from 'node:crypto';
import { logLevel, Partitioners } from 'kafkajs';
import { createKafka } from '../../lib/kafka/kafkajs/index.ts';
import type { Random } from '../support/random.ts';

/** A record for `order.created`; `isSound` when its value is an order. */
export interface OddRecord {
  readonly isSound: boolean;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly timestamp: string;
  readonly headers: Readonly<Record<string, Buffer | string>>;
}

/** Ids far from those that the service assigns. */
const firstOrderId = 5_000_000_000;

/** Half of them orders; all with odd keys, times, headers and sizes. */
export function oddRecords(count: number, random: Random): OddRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const isSound = random.oneIn(2);
    return {
      isSound,
      key: random.pick<Buffer | string | null>([
        null,
        '',
        String(index),
        randomBytes(random.between(1, 40)),
        '\0',
      ]),
      value: isSound ? order(firstOrderId + index, random) : oddValue(random),
      timestamp: random.pick(['0', '1', '-1', String(Date.now()), '-62135596800000', '1000000000000']),
      headers: oddHeaders(random),
    };
  });
}

function order(orderId: number, random: Random): string {
  const createdAt = new Date().toISOString();
  const items = [{ sku: random.pick(['ABC-001', 'ABC-002', 'NO-SUCH']), qty: random.between(1, 3) }];
  return JSON.stringify({
    orderId,
    userId: random.between(1, 1_000),
    items,
    createdAt,
    pad: oddText(random),
  });
}

function oddValue(random: Random): Buffer | string | null {
  return random.pick<Buffer | string | null>([
    null,
    '',
    '{}',
    'null',
    '[]',
    '{"orderId":1e400}',
    `{"orderId":${random.between(-5, 0)},"userId":1,"items":[],"createdAt":"now"}`,
    '['.repeat(random.between(1, 20_000)),
    randomBytes(random.between(1, 2_000)),
    randomBytes(random.oneIn(200) ? 900_000 : 10),
  ]);
}

function oddHeaders(random: Random): Record<string, Buffer | string> {
  const names = [
    '',
    '\0',
    '__proto__x',
    'kafka_dlt-original-offset',
    'kafka_dlt-original-topic',
    'traceparent',
    '키',
  ] as const;
  const count = random.between(0, 6);
  return Object.fromEntries(
    Array.from({ length: count }, () => [
      random.pick(names),
      random.pick<Buffer | string>([randomBytes(8), oddText(random)]),
    ]),
  );
}

function oddText(random: Random): string {
  return random.pick(['', '\u001b[2J', '\ud800', 'x'.repeat(random.between(1, 3_000)), '😀', '{"a":1}']);
}

/** Sends them in batches small enough for the topic. */
export async function sendRecords(brokers: string[], records: readonly OddRecord[]): Promise<void> {
  const producer = createKafka({ brokers, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let start = 0; start < records.length; start += 100) {
    const some = records.slice(start, start + 100);
    const isLarge = ({ value }: OddRecord) => (value?.length ?? 0) > 100_000;
    for (const messages of [
      some.filter((one) => !isLarge(one)),
      ...some.filter(isLarge).map((one) => [one]),
    ]) {
      await producer.send({
        topic: 'order.created',
        messages: messages.map(({ key, value, timestamp, headers }) => ({ key, value, timestamp, headers })),
      });
    }
  }
  await producer.disconnect();
}
