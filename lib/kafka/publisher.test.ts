import { jest } from '@jest/globals';
import type { KafkaConnection } from './connection.ts';
import { createPublisher } from './publisher.ts';
import type { OutgoingRecord } from './records.ts';

const one: OutgoingRecord = { topic: 't', key: 'k', value: 'v', headers: [] };

/** Opens connections of which each fails as often as told before it works. */
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

  it('when records are large, sends them in pieces that a broker takes, a larger one alone', async () => {
    const { open, opened } = connections();
    const large = (bytes: number) => ({ ...one, value: Buffer.alloc(bytes) });
    await createPublisher({ brokers: ['b:1'] }, open).publish(
      [400_000, 400_000, 400_000, 2_000_000, 10].map(large),
    );
    expect(opened[0]?.sends).toEqual([2, 1, 1, 1]);
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
      return { send, close: () => Promise.resolve() };
    };
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await publisher.publish([one]);
    await publisher.publish([one]);
    expect(opened).toEqual([2, 1]);
  });

  it('when it was idle for over a minute, takes a new connection', async () => {
    jest.useFakeTimers();
    const { open, opened } = connections();
    const publisher = createPublisher({ brokers: ['b:1'] }, open);
    await publisher.publish([one]);
    jest.advanceTimersByTime(60_001);
    await publisher.publish([one]);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });
});
