import { BrokerUnavailableError } from '../errors.ts';
import { refusal } from '../../test/support/fake-publisher.ts';
import { publishEach } from './publish-each.ts';
import type { OutgoingRecord } from './records.ts';

const record = (key: string, topic = 't'): OutgoingRecord => ({ topic, key, value: key, headers: [] });

/**
 * A cluster of topics with two partitions: keys of even length go to 0, others to 1. It refuses a batch that
 * holds a key named `bad`.
 */
function cluster({ missing = [] as string[], dies = Infinity } = {}) {
  const sends: { partition: number | undefined; keys: string[] }[] = [];
  const written: string[] = [];
  return {
    sends,
    written,
    partitionsFor: (topic: string, records: readonly OutgoingRecord[]) =>
      missing.includes(topic)
        ? Promise.reject(refusal('UNKNOWN_TOPIC_OR_PARTITION', topic))
        : Promise.resolve(records.map(({ key }) => String(key).length % 2)),
    send: (records: readonly OutgoingRecord[]) => {
      const keys = records.map(({ key }) => String(key));
      if (sends.push({ partition: records[0]?.partition, keys }) > dies) {
        return Promise.reject(new BrokerUnavailableError('gone'));
      }
      if (keys.some((key) => key.startsWith('bad'))) return Promise.reject(refusal('INVALID_RECORD'));
      written.push(...keys);
      return Promise.resolve();
    },
  };
}

describe('publishing each record that Kafka accepts', () => {
  it('when all are accepted, sends once per partition', async () => {
    const kafka = cluster();
    const records = ['aa', 'b', 'cc', 'd'].map((key) => record(key));
    const report = await publishEach(kafka, records);
    expect(kafka.sends).toEqual([
      { partition: 0, keys: ['aa', 'cc'] },
      { partition: 1, keys: ['b', 'd'] },
    ]);
    expect(report.refused).toEqual([]);
    expect(new Set(report.acknowledged)).toEqual(new Set(records));
  });

  it('when some are refused, names just those, and writes each of the others once and in order', async () => {
    const kafka = cluster();
    const keys = ['a', 'b', 'bad', 'c', 'bad..', 'd', 'e'];
    const { acknowledged, refused } = await publishEach(
      kafka,
      keys.map((key) => record(key)),
    );
    expect(refused.map(({ record: { key }, error }) => [key, error.reason])).toEqual([
      ['bad', 'INVALID_RECORD'],
      ['bad..', 'INVALID_RECORD'],
    ]);
    expect(kafka.written).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(acknowledged.map(({ key }) => key)).toEqual(kafka.written);
  });

  it('when a topic is missing, refuses its records without trying each, and continues with other topics', async () => {
    const kafka = cluster({ missing: ['gone'] });
    const { acknowledged, refused } = await publishEach(kafka, [
      record('a', 'gone'),
      record('b'),
      record('c', 'gone'),
    ]);
    expect(acknowledged.map(({ key }) => key)).toEqual(['b']);
    expect(refused.map(({ record: { key } }) => key)).toEqual(['a', 'c']);
    expect(kafka.sends).toHaveLength(1);
  });

  it('when Kafka stops answering, says why and what it had acknowledged by then', async () => {
    const kafka = cluster({ dies: 1 });
    const report = await publishEach(kafka, [record('a'), record('bb'), record('c')]);
    expect(report.acknowledged.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(report).toMatchObject({ refused: [], outage: { code: 'OPENORDER_BROKER_UNAVAILABLE' } });
  });
});
