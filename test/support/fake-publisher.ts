import { BrokerUnavailableError } from '../../lib/errors.ts';
import type { Publisher } from '../../lib/kafka/publisher.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';

/** Keeps what is published in memory. */
export function fakePublisher(): Publisher & { readonly published: OutgoingRecord[] } {
  const published: OutgoingRecord[] = [];
  return {
    published,
    publish: (records) => {
      published.push(...records);
      return Promise.resolve();
    },
  };
}

/** A broker that is away. */
export const awayPublisher: Publisher = {
  publish: () => Promise.reject(new BrokerUnavailableError('away')),
};

/** The value of a published record, parsed. */
export function valueOf(record: OutgoingRecord | undefined): unknown {
  return JSON.parse(String(record?.value));
}
