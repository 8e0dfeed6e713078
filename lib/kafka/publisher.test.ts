import { jest } from '@jest/globals';
import { KafkaJSProtocolError } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import { createPublisher } from './publisher.ts';
import type { OutgoingRecord } from './records.ts';

const one: OutgoingRecord = { topic: 't', key: 'k', value: 'v', headers: [] };

/** Every topic has one partition. */
const partitionsFor = (_: string, records: readonly OutgoingRecord[]) =>
  Promise.resolve(records.map(() => 0));

/** Opens connections each of which fails the given number of times before it works. */
function connections(...failures: number[]) {
  const opened: { sends: number[]; closed: boolean }[] = [];
  const open = (): KafkaConnection => {
    let left = failures.shift() ?? 0;
    const seen = { sends: [] as number[], closed: false };
    opened.push(seen);
    return {
      send: (records) => {
        if (left-- > 0) return Promise.reject(new Error('no answer'));
        seen.sends.push(records.length);
        return Promise.resolve();
      },
      partitionsFor,
      close: () => {
        seen.closed = true;
        return Promise.resolve();
      },
    };
  };
  return { open, opened };
}

describe('a publisher', () => {
  afterEach(() => jest.useRealTimers());

  it('when nothing was published yet, has opened no connection', () => {
    const { open, opened } = connections();
    createPublisher({ brokers: ['b:1'] }, open);
    expect(opened).toEqual([]);
  });

  it('when many records are published, sends them in order in pieces of 500 over one connection', async () => {
    const { open, opened } = connections();
    await createPublisher({ brokers: ['b:1'] }, open).publish(Array<OutgoingRecord>(1_200).fill(one));
    expect(opened).toEqual([{ sends: [500, 500, 200], closed: false }]);
  });

  it('when records are large, sends them in pieces that a broker accepts, a larger one alone', async () => {
    const { open, opened } = connections();
    const large = (bytes: number) => ({ ...one, value: Buffer.alloc(bytes) });
    await createPublisher({ brokers: ['b:1'] }, open).publish(
      [400_000, 400_000, 400_000, 2_000_000, 10].map(large),
    );
    expect(opened[0]?.sends).toEqual([2, 1, 1, 1]);
  });

  /**
   * Opens connections to a topic that accepts this many bytes at once; a compressed value counts for a tenth
   * of its bytes.
   */
  function smallTopic(limit: number) {
    const written: [number, string][] = [];
    const open = (): KafkaConnection => ({
      send: (records, compression = 'none') => {
        const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        if ((compression === 'gzip' ? bytes / 10 : bytes) > limit) return Promise.reject(tooLarge());
        written.push([records.length, compression]);
        return Promise.resolve();
      },
      partitionsFor,
      close: () => Promise.resolve(),
    });
    return { open, written };
  }

  const tooLarge = () =>
    new KafkaJSProtocolError(
      Object.assign(new Error(), { type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false }),
    );
  const bytes = (count: number) => ({ ...one, value: Buffer.alloc(count) });

  it('when a topic accepts less at once than others, sends less', async () => {
    const { open, written } = smallTopic(1_000);
    await createPublisher({ brokers: ['b:1'] }, open).publish([bytes(600), bytes(400), bytes(500)]);
    expect(written).toEqual([
      [2, 'none'],
      [1, 'none'],
    ]);
  });

  it('when a single record is too large, sends it compressed, as it may have arrived', async () => {
    const { open, written } = smallTopic(1_000);
    await createPublisher({ brokers: ['b:1'] }, open).publish([bytes(9_000)]);
    expect(written).toEqual([[1, 'gzip']]);
  });

  it("when it is too large even so, fails with the broker's reason and without another attempt", async () => {
    const { open, written } = smallTopic(1_000);
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await publisher.publish([bytes(10)]);
    await expect(publisher.publish([bytes(20_000)])).rejects.toMatchObject({
      code: 'OPENORDER_KAFKA_REFUSED',
      reason: 'MESSAGE_TOO_LARGE',
    });
    expect(written).toEqual([[1, 'none']]);
  });

  it('when the fate of each record is asked for, reports what was refused and sends the rest', async () => {
    const { open } = smallTopic(1_000);
    const records = [bytes(10), bytes(20_000), bytes(20)];
    const report = await createPublisher({ brokers: ['b:1'] }, open).publishEach(records);
    expect(report.acknowledged).toEqual([records[0], records[2]]);
    expect(report.refused).toMatchObject([{ record: records[1], error: { reason: 'MESSAGE_TOO_LARGE' } }]);
  });

  it('when the first connection fails, fails with a typed error and its cause', async () => {
    const { open } = connections(1);
    await expect(createPublisher({ brokers: ['b:1'] }, open).publish([one])).rejects.toMatchObject({
      code: 'OPENORDER_BROKER_UNAVAILABLE',
      cause: { message: 'no answer' },
    });
  });

  it('when it failed, the next publish opens a new connection', async () => {
    const { open, opened } = connections(1);
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await expect(publisher.publish([one])).rejects.toThrow();
    await publisher.publish([one]);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('when a connection that worked fails, its successor sends the records', async () => {
    const opened: number[] = [];
    const open = (): KafkaConnection => {
      const connection = opened.push(0);
      const send = () => {
        opened[connection - 1] = (opened[connection - 1] ?? 0) + 1;
        return connection === 1 && opened[0] === 2 ? Promise.reject(new Error('died')) : Promise.resolve();
      };
      return { send, partitionsFor, close: () => Promise.resolve() };
    };
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await publisher.publish([one]);
    await publisher.publish([one]);
    expect(opened).toEqual([2, 1]);
  });

  it('when it was idle for over a minute, opens a new connection', async () => {
    jest.useFakeTimers();
    const { open, opened } = connections();
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await publisher.publish([one]);
    jest.advanceTimersByTime(60_001);
    await publisher.publish([one]);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });
});
