import type { KafkaRecord } from '../../lib/kafka/records.ts';

/** A record of partition 0 with a JSON value, and any overrides. */
export function record(topic: string, value: unknown, rest: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    topic,
    partition: 0,
    offset: 0,
    timestamp: 1_795_341_600_000,
    timestampType: 'CREATE_TIME',
    key: null,
    value: Buffer.from(JSON.stringify(value)),
    headers: [],
    ...rest,
  };
}

/** An invocation with a minute left. */
export const invocation = { remainingMs: () => 60_000 };
