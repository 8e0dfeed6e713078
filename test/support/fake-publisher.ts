import { BrokerUnavailableError } from '../../lib/errors.ts';
import type { ReportingPublisher } from '../../lib/kafka/publisher.ts';
import { KafkaRefusedError, toPublishError } from '../../lib/kafka/publish-error.ts';
import type { OutgoingRecord } from '../../lib/kafka/records.ts';

/** Keeps what is published in memory. */
export function fakePublisher(): ReportingPublisher & { readonly published: OutgoingRecord[] } {
  const published: OutgoingRecord[] = [];
  return {
    published,
    publish: (records) => {
      published.push(...records);
      return Promise.resolve();
    },
    publishEach: (records) => {
      published.push(...records);
      return Promise.resolve({ acknowledged: records, refused: [] });
    },
  };
}

/** Keeps what is published in memory, except records that Kafka would refuse, by default as too large. */
export function refusingPublisher(
  isRefused: (record: OutgoingRecord) => boolean,
  reason = 'MESSAGE_TOO_LARGE',
) {
  const publisher = fakePublisher();
  return {
    ...publisher,
    publish: (records: readonly OutgoingRecord[]) =>
      records.some(isRefused) ? Promise.reject(refusal(reason)) : publisher.publish(records),
    publishEach: (records: readonly OutgoingRecord[]) => {
      const acknowledged = records.filter((record) => !isRefused(record));
      publisher.published.push(...acknowledged);
      const refused = records
        .filter(isRefused)
        .map((record) => ({ record, error: refusal(reason, record.topic) }));
      return Promise.resolve({ acknowledged, refused });
    },
  };
}

/** What a publisher throws, or reports, when a broker answers with this error. */
export function refusal(reason: string, topic = 'order.created'): KafkaRefusedError {
  const cause = Object.assign(new Error(reason), { name: 'KafkaJSProtocolError', type: reason });
  const error = toPublishError(cause, [topic]);
  if (error instanceof KafkaRefusedError) return error;
  throw new Error(`${reason} is no refusal.`);
}

/** A broker that cannot be reached. */
export const awayPublisher: ReportingPublisher = {
  publish: () => Promise.reject(new BrokerUnavailableError('unreachable')),
  publishEach: () =>
    Promise.resolve({ acknowledged: [], refused: [], outage: new BrokerUnavailableError('unreachable') }),
};

/** The value of a published record, parsed. */
export function valueOf(record: OutgoingRecord | undefined): unknown {
  return JSON.parse(String(record?.value));
}
