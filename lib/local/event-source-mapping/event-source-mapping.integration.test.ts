import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { TestBroker } from './testing/broker.ts';
import { eventually } from './testing/eventually.ts';
import {
  freshTopic,
  OfflineService,
  recordsOf,
  serviceOf,
  textOf,
  type Call,
  type TriggerSpec,
} from './testing/offline-service.ts';

jest.setTimeout(60_000);

const broker = new TestBroker();
const topics: Record<string, string> = {};
const topic = (name: string): string => (topics[name] ??= freshTopic(name));
const noWait = { MaximumBatchingWindowInSeconds: 0 };
const triggers: Record<string, TriggerSpec> = {
  shape: { topic: topic('shape'), handler: 'succeed', extension: noWait },
  appendTime: { topic: topic('append-time'), handler: 'succeed', extension: noWait },
  byDefault: { topic: topic('default-window'), handler: 'succeed' },
  zeroInEvent: { topic: topic('default-window'), handler: 'succeed', event: { maximumBatchingWindow: 0 } },
  bySize: { topic: topic('size'), handler: 'succeed', event: { batchSize: 3, maximumBatchingWindow: 300 } },
  byWindow: { topic: topic('window'), handler: 'succeed', event: { maximumBatchingWindow: 2 } },
  byBytes: { topic: topic('bytes'), handler: 'succeed', event: { batchSize: 10000 } },
  oversized: {
    topic: topic('oversized'),
    handler: 'succeed',
    extension: {
      ...noWait,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::oversized-bucket' } },
    },
  },
  oversizedSkipped: { topic: topic('oversized'), handler: 'succeed', extension: noWait },
  onOneTopic: { topic: topic('shared'), handler: 'succeed', extension: noWait },
  onTheSameTopic: { topic: topic('shared'), handler: 'succeed', extension: noWait },
  sideBySide: {
    topic: topic('partitions'),
    handler: 'takeAWhile',
    event: { batchSize: 2 },
    extension: noWait,
  },
  disabled: { topic: topic('shared'), handler: 'succeed', event: { enabled: false } },
  ownGroup: {
    topic: topic('own-group'),
    handler: 'succeed',
    event: { consumerGroupId: topic('group-of-mine'), startingPosition: 'TRIM_HORIZON' },
    extension: noWait,
  },
  latest: {
    topic: topic('positions'),
    handler: 'succeed',
    event: { startingPosition: 'LATEST' },
    extension: noWait,
  },
  trimHorizon: { topic: topic('positions'), handler: 'succeed', extension: noWait },
  atTimestamp: {
    topic: topic('positions'),
    handler: 'succeed',
    event: { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 1_700_000_000 },
    extension: noWait,
  },
  afterGaps: { topic: topic('gaps'), handler: 'succeed', event: { batchSize: 2 }, extension: noWait },
  compressed: { topic: topic('compressed'), handler: 'succeed', extension: noWait },
  endless: { topic: topic('endless'), handler: 'failThreeTimes', extension: noWait },
  blocked: { topic: topic('blocked'), handler: 'failOnPoison', extension: noWait },
  limited: {
    topic: topic('limited'),
    handler: 'failOnPoison',
    event: { batchSize: 2 },
    extension: { ...noWait, MaximumRetryAttempts: 2 },
  },
  tenRetries: {
    topic: topic('ten-retries'),
    handler: 'failOnPoison',
    event: { onFailureDestination: 'arn:aws:sqs:us-east-1:123456789012:failed-queue' },
    extension: noWait,
  },
  toTopic: {
    topic: topic('to-topic'),
    handler: 'failOnPoison',
    event: { onFailureDestination: `kafka://${topic('failed')}` },
    extension: { ...noWait, MaximumRetryAttempts: 0 },
  },
  bisected: {
    topic: topic('bisected'),
    handler: 'failOnPoison',
    extension: {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
      MaximumBatchingWindowInSeconds: 1,
    },
  },
  tooOld: {
    topic: topic('too-old'),
    handler: 'succeed',
    extension: { ...noWait, MaximumRecordAgeInSeconds: 60 },
  },
  partial: reporting('partial', 'reportPoison', { MaximumRetryAttempts: 2 }),
  progress: reporting('progress', 'reportAllButFirst', { MaximumRetryAttempts: 1 }),
  unknownOffset: reporting('unknown-offset', 'reportUnknownOffset'),
  flatIdentifier: reporting('flat-identifier', 'reportFlatIdentifier'),
  oldKey: reporting('old-key', 'reportOldKey'),
  nonsense: reporting('nonsense', 'reportNonsense'),
  notReporting: { topic: topic('not-reporting'), handler: 'reportPoison', extension: noWait },
  filtered: {
    topic: topic('filtered'),
    handler: 'succeed',
    event: {
      batchSize: 2,
      filterPatterns: [{ value: { kind: [{ prefix: 'A' }] } }, { value: { kind: ['B'] } }],
    },
    extension: noWait,
  },
  throwsText: faulty('throwText'),
  throwsNull: faulty('throwNull'),
  hangs: faulty('hang', { timeout: 1 }),
  exits: faulty('exit', { timeout: 1 }),
  failsLate: faulty('failLate'),
  rejectsUnheard: faulty('rejectUnheard'),
  returnsFunction: faulty('returnFunction'),
  returnsBigInt: faulty('returnBigInt'),
  longRunning: { topic: topic('long-running'), handler: 'takeLong', extension: noWait },
};

function reporting(name: string, handler: string, extension: Record<string, unknown> = {}): TriggerSpec {
  const types = { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumBatchingWindowInSeconds: 1 };
  return { topic: topic(name), handler, extension: { ...types, ...extension } };
}

function faulty(handler: string, definition: Record<string, unknown> = {}): TriggerSpec {
  return { topic: topic(handler), handler, definition, extension: noWait };
}

const threePartitions = ['shared', 'partitions', 'blocked'];
const service = new OfflineService(serviceOf(triggers));
const groupOf = (functionKey: string): string =>
  `stranger-dev-${functionKey}-${triggers[functionKey]?.topic ?? ''}`;

async function callsOf(functionKey: string, count: number, deadlineMs?: number): Promise<Call[]> {
  return eventually(
    `${count} calls of ${functionKey}`,
    () => service.calls(functionKey).length >= count && service.calls(functionKey),
    deadlineMs,
  );
}

async function committed(functionKey: string, offset: number, deadlineMs?: number): Promise<void> {
  const name = triggers[functionKey]?.topic ?? '';
  await eventually(
    `${functionKey} has committed ${offset}`,
    async () => (await broker.committed(groupOf(functionKey), name))[0] === offset,
    deadlineMs,
  );
}

const values = (...list: (string | null)[]) => list.map((value) => ({ value }));

beforeAll(async () => {
  const configs: Record<string, Record<string, string>> = {
    'append-time': { 'message.timestamp.type': 'LogAppendTime' },
    oversized: { 'max.message.bytes': '8000000' },
  };
  for (const [name, fullName] of Object.entries(topics)) {
    const count = threePartitions.includes(name) ? 3 : 1;
    // Some records carry the time of years ago.
    await broker.createTopic(fullName, count, { 'retention.ms': '-1', ...configs[name] });
  }
  await broker.send(topic('positions'), [
    { value: 'old', timestamp: String(1_600_000_000_000) },
    { value: 'new', timestamp: String(1_700_000_000_500) },
  ]);
  await broker.send(topic('own-group'), values('0', '1', '2'));
  await broker.commit(topic('group-of-mine'), topic('own-group'), [2]);
  await service.start();
  // Slow by nature: these go on beside the other tests.
  await broker.send(topic('ten-retries'), values('poison'));
  await broker.send(topic('long-running'), values('0'));
}, 90_000);

afterAll(async () => {
  await service.remove();
});

describe('the event', () => {
  it('when a record has key, value and headers, it arrives in the shape of AWS', async () => {
    const bytes = Buffer.from([104, 101, 97, 220, 0, 127, 128]);
    const timestamp = '1545084650987';
    await broker.send(topic('shape'), [
      { key: 'recordKey', value: 'Hello', timestamp, headers: { b: bytes, a: ['1', '2'], 7: 'x' } },
    ]);
    const [call] = await callsOf('shape', 1);
    expect(call?.event).toEqual({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: expect.stringMatching(/^[^\s]+:\d+$/) as string,
      records: {
        [`${topic('shape')}-0`]: [
          {
            topic: topic('shape'),
            partition: 0,
            offset: 0,
            timestamp: 1545084650987,
            timestampType: 'CREATE_TIME',
            key: 'cmVjb3JkS2V5',
            value: 'SGVsbG8=',
            headers: [{ 7: [120] }, { b: [104, 101, 97, -36, 0, 127, -128] }, { a: [49] }, { a: [50] }],
          },
        ],
      },
    });
  });

  it('when key or value is absent, the field is left out; when empty, it is empty text', async () => {
    await broker.send(topic('shape'), [
      { key: null, value: null },
      { key: '', value: '' },
    ]);
    await callsOf('shape', 2);
    const records = await eventually('both records', () => {
      const found = service.calls('shape').flatMap(recordsOf);
      return found.length >= 3 && found.slice(1);
    });
    expect(records[0]).not.toHaveProperty('key');
    expect(records[0]).not.toHaveProperty('value');
    expect(records[0]?.headers).toEqual([]);
    expect(records[1]).toMatchObject({ key: '', value: '' });
  });

  it('when the topic has the time of the log, the record says so', async () => {
    const before = Date.now();
    await broker.send(topic('append-time'), [{ value: 'x', timestamp: '1' }]);
    const [call] = await callsOf('appendTime', 1);
    const [record] = call ? recordsOf(call) : [];
    expect(record?.timestampType).toBe('LOG_APPEND_TIME');
    expect(record?.timestamp).toBeGreaterThanOrEqual(before - 1000);
  });
});

describe('batching', () => {
  it('when no window is set, or 0 by the event, a batch waits for half a second', async () => {
    await broker.send(topic('default-window'), values('1'));
    for (const key of ['byDefault', 'zeroInEvent']) {
      const [call] = await callsOf(key, 1);
      const waited = (call?.startedAt ?? 0) - (call ? (recordsOf(call)[0]?.timestamp ?? 0) : 0);
      expect(waited).toBeGreaterThanOrEqual(480);
      expect(waited).toBeLessThan(3000);
    }
  });

  it('when the window is 0 by extension, a lone record is not kept waiting', async () => {
    await broker.send(topic('shared'), [{ value: 'warm up', partition: 0 }]);
    await callsOf('onOneTopic', 1);
    await broker.send(topic('shared'), [{ value: 'x', partition: 0 }]);
    const [, call] = await callsOf('onOneTopic', 2);
    expect((call?.startedAt ?? 0) - (call ? (recordsOf(call)[0]?.timestamp ?? 0) : 0)).toBeLessThan(400);
  });

  it('when the batch size is reached, the batch does not wait for its window', async () => {
    await broker.send(topic('size'), values('1', '2', '3', '4', '5', '6', '7'));
    await callsOf('bySize', 2);
    expect(service.offsets('bySize')).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    await committed('bySize', 6);
  });

  it('when records come within the window, they are one batch', async () => {
    await broker.send(topic('window'), values('1'));
    await broker.send(topic('window'), values('2'));
    await broker.send(topic('window'), values('3'));
    await callsOf('byWindow', 1);
    expect(service.offsets('byWindow')).toEqual([[0, 1, 2]]);
  });

  it('when records together pass 6 MB, they are more than one batch, and each is under the limit', async () => {
    const value = 'x'.repeat(700_000);
    for (let sent = 0; sent < 8; sent += 1) await broker.send(topic('bytes'), values(value));
    await committed('byBytes', 8);
    const calls = service.calls('byBytes');
    expect(calls.flatMap(recordsOf).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    for (const { event } of calls) expect(JSON.stringify(event).length).toBeLessThanOrEqual(6 * 1024 * 1024);
  });

  it('when one record alone passes 6 MB, it goes to the destination or is skipped loudly, and the rest goes on', async () => {
    await broker.send(topic('oversized'), values('x'.repeat(5_000_000)));
    await broker.send(topic('oversized'), values('small'));
    for (const key of ['oversized', 'oversizedSkipped']) {
      await committed(key, 2);
      expect(service.offsets(key)).toEqual([[1]]);
    }
    expect(service.output).toMatch(/oversizedSkipped .*offset 0 SKIPPED \(MaximumPayloadSizeExceeded\)/);
    const [stored] = filesOf('oversized-bucket');
    expect(stored).toMatchObject({
      requestContext: { condition: 'MaximumPayloadSizeExceeded' },
      responseContext: null,
      payload: expect.stringContaining('"offset":0') as string,
    });
  });
});

describe('partitions and groups', () => {
  it('when a topic has partitions, they run side by side, and each has one call at a time, in order', async () => {
    const messages = [0, 1, 2].flatMap((partition) =>
      values('1', '2', '3', '4').map((m) => ({ ...m, partition })),
    );
    await broker.send(topic('partitions'), messages);
    const calls = await eventually('all calls ended', () => {
      const found = service.calls('sideBySide').filter(({ endedAt }) => endedAt);
      return found.length >= 6 && found;
    });
    const overlaps = (a: Call, b: Call) =>
      a !== b && a.startedAt < (b.endedAt ?? 0) && b.startedAt < (a.endedAt ?? 0);
    const partitionOf = (call: Call) => Object.keys(call.event.records).join();
    expect(calls.some((a) => calls.some((b) => overlaps(a, b)))).toBe(true);
    for (const partition of new Set(calls.map(partitionOf))) {
      const own = calls.filter((call) => partitionOf(call) === partition);
      expect(own.some((a) => own.some((b) => overlaps(a, b)))).toBe(false);
      expect(own.flatMap(recordsOf).map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    }
  });

  it('when two functions have a trigger on one topic, both get every record, and a disabled one none', async () => {
    await broker.send(topic('shared'), values('one', 'two', 'three', 'four'));
    for (const key of ['onOneTopic', 'onTheSameTopic']) {
      await eventually(`all records at ${key}`, () => {
        const texts = service.calls(key).flatMap(recordsOf).map(textOf);
        return ['one', 'two', 'three', 'four'].every((text) => texts.includes(text));
      });
    }
    expect(service.calls('disabled')).toEqual([]);
    expect(service.output).toMatch(/disabled ← .*: disabled, not polled/);
  });

  it('when a consumer group is given and has offsets, reading goes on there', async () => {
    const [call] = await callsOf('ownGroup', 1);
    expect(call && recordsOf(call).map(({ offset }) => offset)).toEqual([2]);
  });

  it('when no group is given, it is one of service, stage, function and topic', async () => {
    expect(await broker.members(groupOf('onOneTopic'))).toBe(1);
    expect(await broker.members(groupOf('onTheSameTopic'))).toBe(1);
  });
});

describe('starting positions', () => {
  it('when records were there before, each position begins where it says', async () => {
    await broker.send(topic('positions'), values('newest'));
    for (const [key, expected] of [
      ['trimHorizon', 3],
      ['atTimestamp', 2],
      ['latest', 1],
    ] as const) {
      await eventually(`records of ${key}`, () => service.calls(key).flatMap(recordsOf).length >= expected);
    }
    const texts = (key: string) => service.calls(key).flatMap(recordsOf).map(textOf);
    expect(texts('trimHorizon')).toEqual(['old', 'new', 'newest']);
    expect(texts('atTimestamp')).toEqual(['new', 'newest']);
    expect(texts('latest')).toEqual(['newest']);
  });
});

describe('gaps and compression', () => {
  it('when transactions leave gaps, every committed record comes and the offsets move past the markers', async () => {
    await broker.sendTransaction(topic('gaps'), values('a', 'b', 'c'), 'commit');
    await broker.sendTransaction(topic('gaps'), values('never'), 'abort');
    await broker.send(topic('gaps'), values('d'));
    await broker.sendTransaction(topic('gaps'), values('never'), 'abort');
    await committed('afterGaps', 9);
    expect(service.calls('afterGaps').flatMap(recordsOf).map(textOf)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('when batches are compressed, they are read', async () => {
    const types = kafkajs.CompressionTypes;
    for (const type of [types.GZIP, types.Snappy, types.LZ4, types.ZSTD]) {
      await broker.send(topic('compressed'), [{ value: `${type} ${'again '.repeat(1000)}` }], type);
    }
    await committed('compressed', 4);
    const texts = service
      .calls('compressed')
      .flatMap(recordsOf)
      .map((record) => textOf(record)?.slice(0, 7));
    expect(texts).toEqual(['1 again', '2 again', '3 again', '4 again']);
  });
});

describe('errors', () => {
  it('when the function fails, the same batch comes again with a growing delay until it succeeds', async () => {
    await broker.send(topic('endless'), values('1', '2'));
    const calls = await callsOf('endless', 4);
    expect(calls.map((call) => recordsOf(call).map(({ offset }) => offset))).toEqual(Array(4).fill([0, 1]));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
    const starts = calls.map(({ startedAt }) => startedAt);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(gaps[1]).toBeGreaterThan(gaps[0] ?? 0);
    expect(gaps[2]).toBeGreaterThan(gaps[1] ?? 0);
    await committed('endless', 2);
    expect(service.output).toMatch(
      /endless .*partition 0, offsets 0 to 1 \(2 records\), attempt 2 failed: failure 2; next try in 200 ms/,
    );
  });

  it('when one partition is stuck, nothing of it is committed and the others go on', async () => {
    await broker.send(topic('blocked'), [
      { value: 'poison', partition: 0 },
      { value: 'good', partition: 1 },
      { value: 'good', partition: 2 },
    ]);
    await eventually('the others are committed, and five attempts', async () => {
      const [, second, third] = await broker.committed(groupOf('blocked'), topic('blocked'));
      const attempts = service
        .calls('blocked')
        .filter(({ event }) => `${topic('blocked')}-0` in event.records);
      return second === 1 && third === 1 && attempts.length >= 5;
    });
    expect((await broker.committed(groupOf('blocked'), topic('blocked')))[0]).toBe(0);
  });

  it('when the retries are used up without a destination, the batch is skipped loudly after N + 1 calls', async () => {
    await broker.send(topic('limited'), values('poison', 'with it', 'next', 'and next'));
    await committed('limited', 4);
    expect(service.offsets('limited')).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
      [2, 3],
    ]);
    expect(service.output).toMatch(
      /limited .*offsets 0 to 1 \(2 records\) SKIPPED \(RetryAttemptsExhausted\)/,
    );
  });

  it('when retries are endless but there is a destination, it gets the batch after ten retries', async () => {
    await committed('tenRetries', 1, 40_000);
    expect(service.offsets('tenRetries')).toEqual(Array(11).fill([0]));
    expect(filesOf('failed-queue')).toEqual([
      {
        requestContext: {
          requestId: expect.any(String) as string,
          functionArn: expect.stringContaining(':function:stranger-dev-tenRetries') as string,
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 11,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        KafkaBatchInfo: {
          batchSize: 1,
          bootstrapServers: expect.any(String) as string,
          payloadSize: expect.any(Number) as number,
          recordsInfo: {
            [`${topic('ten-retries')}-0`]: {
              firstRecordOffset: '0',
              lastRecordOffset: '0',
              firstRecordTimestamp: expect.stringMatching(/Z$/) as string,
              lastRecordTimestamp: expect.stringMatching(/Z$/) as string,
            },
          },
        },
      },
    ]);
  });

  it('when the destination is a topic, it gets one message per record, with the key of the record', async () => {
    await broker.send(topic('to-topic'), [{ key: 'k', value: 'poison' }, { value: 'beside' }]);
    await committed('toTopic', 2);
    const messages = await broker.read(topic('failed'), 2);
    expect(messages.map(({ key }) => key)).toEqual(['k', null]);
    expect(messages[0]?.value).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      KafkaBatchInfo: { batchSize: 1, recordInfo: { offset: '0' } },
      payload: {
        eventSource: 'SelfManagedKafka',
        records: { [`${topic('to-topic')}-0`]: [{ offset: 0, key: 'aw==' }] },
      },
    });
  });

  it('when batches are bisected, only the record that fails is given up, and splitting costs no retry', async () => {
    await broker.send(topic('bisected'), values('0', '1', 'poison', '3'));
    await committed('bisected', 4);
    expect(service.offsets('bisected')).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3]]);
  });

  it('when a record is too old, the function does not get it', async () => {
    await broker.send(topic('too-old'), [{ value: 'old', timestamp: '1545084650987' }, { value: 'new' }]);
    await committed('tooOld', 2);
    expect(service.offsets('tooOld')).toEqual([[1]]);
    expect(service.output).toMatch(/tooOld .*offset 0 SKIPPED \(RecordAgeExceeded\)/);
  });
});

describe('partial batch response', () => {
  it('when records are named, only they come again, until their retries are used up', async () => {
    await broker.send(topic('partial'), values('0', 'poison', '2', 'poison', '4'));
    await committed('partial', 5);
    expect(service.offsets('partial')).toEqual([
      [0, 1, 2, 3, 4],
      [1, 3],
      [1, 3],
    ]);
  });

  it('when a call makes progress, the count of retries begins anew', async () => {
    await broker.send(topic('progress'), values('0', '1', '2', '3'));
    await committed('progress', 4);
    expect(service.offsets('progress')).toEqual([[0, 1, 2, 3], [1, 2, 3], [2, 3], [3]]);
  });

  it.each(['unknownOffset', 'flatIdentifier', 'oldKey', 'nonsense'])(
    'when the answer is wrong (%s), the whole batch comes again',
    async (key) => {
      await broker.send(triggers[key]?.topic ?? '', values('0', '1', '2'));
      await committed(key, 3);
      expect(service.offsets(key)).toEqual([
        [0, 1, 2],
        [0, 1, 2],
      ]);
      expect(service.output).toMatch(new RegExp(`${key} .*invalid partial batch response`));
    },
  );

  it('when the option is not set, what the function returns is ignored', async () => {
    await broker.send(topic('not-reporting'), values('poison'));
    await committed('notReporting', 1);
    expect(service.offsets('notReporting')).toEqual([[0]]);
  });
});

describe('filters', () => {
  it('when a record matches no filter, it is committed and not delivered; other formats are delivered', async () => {
    const kinds = ['A1', 'C', 'B', 'C', 'A2', 'C'].map((kind) => ({ value: JSON.stringify({ kind }) }));
    await broker.send(topic('filtered'), [...kinds, ...values('plain text'), ...kinds.slice(1, 2)]);
    await committed('filtered', 8);
    expect(service.offsets('filtered')).toEqual([
      [0, 2],
      [4, 6],
    ]);
  });

  it('when nothing matches, offsets move on without a call', async () => {
    const before = service.calls('filtered').length;
    await broker.send(topic('filtered'), [{ value: '{"kind":"C"}' }, { value: '{"kind":"D"}' }]);
    await committed('filtered', 10);
    expect(service.calls('filtered')).toHaveLength(before);
  });
});

describe('functions that misbehave', () => {
  it.each(['throwsText', 'throwsNull', 'hangs', 'exits', 'failsLate', 'rejectsUnheard', 'returnsBigInt'])(
    'when the function %s, its batch comes again and the host lives on',
    async (key) => {
      await broker.send(triggers[key]?.topic ?? '', values('0'));
      await committed(key, 1);
      expect(service.offsets(key)).toEqual([[0], [0]]);
      expect(service.process.exitCode).toBeNull();
    },
  );

  it('when the function returns what JSON cannot hold, that is left out as on AWS', async () => {
    await broker.send(topic('returnFunction'), values('0'));
    await committed('returnsFunction', 1);
    expect(service.offsets('returnsFunction')).toEqual([[0]]);
  });

  it('when a call takes longer than the session, the member keeps its partition and nothing comes twice', async () => {
    await committed('longRunning', 1, 30_000);
    expect(service.offsets('longRunning')).toEqual([[0]]);
    expect(await broker.members(groupOf('longRunning'))).toBe(1);
  });
});

function filesOf(name: string): unknown[] {
  const folder = join(service.folder, '.local', 'failure-destinations', name);
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown);
}
