import fc from 'fast-check';
import { InvalidRecordError } from '../errors.ts';
import { record } from '../../test/support/record.ts';
import { readDeadLetterHeaders } from './dead-letter-details.ts';
import { classOf, deadLetterOf } from './dead-letter.ts';
import type { Header, KafkaRecord } from './records.ts';

const failure = (error: unknown, rest: Partial<KafkaRecord> = {}) => ({
  record: record('t', {}, rest),
  error,
});
const letter = (error: unknown, rest: Partial<KafkaRecord> = {}) =>
  deadLetterOf(failure(error, rest), 'group');

const valuesOf = ({ headers }: { readonly headers: readonly Header[] }, name: string) =>
  headers.filter((header) => header.name === name).map(({ value }) => value);
const textOf = (from: { readonly headers: readonly Header[] }, name: string) =>
  valuesOf(from, name).at(-1)?.toString('utf8');

describe('a dead letter', () => {
  it("when a record failed, goes to its topic's .DLT, to the same partition", () => {
    expect(letter(new Error('x'), { topic: 'order.created', partition: 2 })).toMatchObject({
      topic: 'order.created.DLT',
      partition: 2,
    });
  });

  it('when key, value and headers are any bytes, keeps them as they are, its own headers behind them', () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    const headers = [
      { name: 'b', value: bytes },
      { name: 'a', value: Buffer.alloc(0) },
      { name: 'b', value: Buffer.from('again') },
    ];
    const sent = letter(new Error('x'), { key: bytes, value: bytes, headers });
    expect(sent).toMatchObject({ key: bytes, value: bytes });
    expect(sent.headers.slice(0, 3)).toEqual(headers);
  });

  it('when key and value are null, keeps them null', () => {
    expect(letter(new Error('x'), { key: null, value: null })).toMatchObject({ key: null, value: null });
  });

  // Bytes that Spring Kafka wrote: https://github.com/anojkunes/kafka-replay
  it('when partition, offset and timestamp are written, has the bytes that Spring writes', () => {
    const sent = letter(new Error('x'), { partition: 1, offset: 40, timestamp: 1_672_836_338_516 });
    const base64 = (name: string) => valuesOf(sent, name).map((value) => value.toString('base64'));
    expect(base64('kafka_dlt-original-partition')).toEqual(['AAAAAQ==']);
    expect(base64('kafka_dlt-original-offset')).toEqual(['AAAAAAAAACg=']);
    expect(base64('kafka_dlt-original-timestamp')).toEqual(['AAABhXzQ01Q=']);
    expect(base64('kafka_dlt-original-timestamp-type')).toEqual(['Q3JlYXRlVGltZQ==']);
  });

  it('when a record has no timestamp, says so as Spring does', () => {
    const sent = letter(new Error('x'), { timestamp: -1, timestampType: 'NO_TIMESTAMP_TYPE' });
    expect(valuesOf(sent, 'kafka_dlt-original-timestamp')).toEqual([Buffer.alloc(8, 255)]);
    expect(textOf(sent, 'kafka_dlt-original-timestamp-type')).toBe('NoTimestampType');
  });

  it('when the broker set the timestamp, says LogAppendTime', () => {
    const sent = letter(new Error('x'), { timestampType: 'LOG_APPEND_TIME' });
    expect(textOf(sent, 'kafka_dlt-original-timestamp-type')).toBe('LogAppendTime');
  });

  it("when an error has a cause, carries exactly the ten names that apply, of Spring's thirteen", () => {
    const sent = letter(new InvalidRecordError('outer', { cause: new TypeError('inner') }));
    expect(sent.headers.map(({ name }) => name).sort()).toEqual([
      'kafka_dlt-exception-cause-fqcn',
      'kafka_dlt-exception-fqcn',
      'kafka_dlt-exception-message',
      'kafka_dlt-exception-stacktrace',
      'kafka_dlt-original-consumer-group',
      'kafka_dlt-original-offset',
      'kafka_dlt-original-partition',
      'kafka_dlt-original-timestamp',
      'kafka_dlt-original-timestamp-type',
      'kafka_dlt-original-topic',
    ]);
    expect(textOf(sent, 'kafka_dlt-exception-fqcn')).toBe('InvalidRecordError');
    expect(textOf(sent, 'kafka_dlt-exception-cause-fqcn')).toBe('TypeError');
    expect(textOf(sent, 'kafka_dlt-exception-message')).toBe('outer; inner');
    expect(textOf(sent, 'kafka_dlt-original-consumer-group')).toBe('group');
  });

  it('when an error has no cause, or null, has no header for a cause', () => {
    expect(valuesOf(letter(new Error('x')), 'kafka_dlt-exception-cause-fqcn')).toEqual([]);
    expect(valuesOf(letter(new Error('x', { cause: null })), 'kafka_dlt-exception-cause-fqcn')).toEqual([]);
  });

  it('when causes are nested, their stacks follow one another', () => {
    const sent = letter(new Error('a', { cause: new Error('b', { cause: 'c' }) }));
    expect(textOf(sent, 'kafka_dlt-exception-stacktrace')).toMatch(
      /^Error: a\n.*\nCaused by: Error: b\n.*\nCaused by: c$/s,
    );
  });

  it('when causes form a ring, ends', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(textOf(letter(error), 'kafka_dlt-exception-message')).toBe('a; b');
  });

  it('when the stack is long, caps it at 8 KiB without cutting a character', () => {
    const error = new Error('x');
    error.stack = 'é'.repeat(10_000).slice(1) + 'é';
    const [stack] = valuesOf(letter(error, {}), 'kafka_dlt-exception-stacktrace');
    expect(stack?.length).toBe(8_192);
    error.stack = `x${'é'.repeat(10_000)}`;
    const [odd] = valuesOf(letter(error, {}), 'kafka_dlt-exception-stacktrace');
    expect(odd?.length).toBe(8_191);
    expect(odd?.toString('utf8')).not.toContain('\uFFFD');
  });

  it('when a message is huge, caps it at 2 KiB and still shows where it was thrown', () => {
    const sent = letter(new Error('x'.repeat(1_000_000)));
    expect(textOf(sent, 'kafka_dlt-exception-message')).toHaveLength(2_048);
    expect(textOf(sent, 'kafka_dlt-exception-stacktrace')).toContain('dead-letter.test.ts');
  });

  it.each([
    ['a string', 'no', 'string', 'no'],
    ['undefined', undefined, 'undefined', 'undefined'],
    ['null', null, 'null', 'null'],
    ['a number', 7, 'number', '7'],
    ['an object', { a: 1 }, 'object', '{ a: 1 }'],
    ['an object that has no text', Object.create(null), 'object', '[Object: null prototype] {}'],
    [
      'an error whose message is not a string',
      Object.assign(new Error(), { message: { a: 1 } }),
      'Error',
      '{ a: 1 }',
    ],
    ['an error without a stack', Object.assign(new Error('m'), { stack: undefined }), 'Error', 'm'],
  ])('when %s was thrown, says so', (_, thrown: unknown, exceptionClass, message) => {
    const sent = letter(thrown);
    expect(textOf(sent, 'kafka_dlt-exception-fqcn')).toBe(exceptionClass);
    expect(textOf(sent, 'kafka_dlt-exception-message')).toBe(message);
    expect(textOf(sent, 'kafka_dlt-exception-stacktrace')).not.toBe('');
  });

  it('when a redriven record fails again, its failure replaces the old one and its position is appended', () => {
    const first = letter(new TypeError('first'), { topic: 'order.created', offset: 1 });
    const again = deadLetterOf(
      {
        record: record('order.created', {}, { offset: 9, headers: first.headers }),
        error: new RangeError('second'),
      },
      'other-group',
    );
    expect(valuesOf(again, 'kafka_dlt-exception-fqcn').map(String)).toEqual(['RangeError']);
    expect(valuesOf(again, 'kafka_dlt-exception-stacktrace')).toHaveLength(1);
    expect(valuesOf(again, 'kafka_dlt-original-offset').map((value) => value.readBigInt64BE())).toEqual([
      1n,
      9n,
    ]);
    expect(valuesOf(again, 'kafka_dlt-original-consumer-group').map(String)).toEqual([
      'group',
      'other-group',
    ]);
  });

  it('when Spring could not read the key, or retried without blocking, its exception headers are replaced too', () => {
    const stale = [
      'kafka_dlt-key-exception-fqcn',
      'kafka_dlt-key-exception-message',
      'kafka_exception-fqcn',
      'kafka_exception-stacktrace',
    ];
    const headers = stale.map((name) => ({ name, value: Buffer.from('stale') }));
    expect(letter(new Error('x'), { headers }).headers.filter(({ name }) => stale.includes(name))).toEqual(
      [],
    );
  });
});

describe('the number of attempts of a dead letter', () => {
  const attemptsOf = (from: { readonly headers: readonly Header[] }) =>
    valuesOf(from, 'kafka_deliveryAttempt').map((value) => value.readInt32BE());
  const after = (attempts: number, headers: readonly Header[] = []) =>
    deadLetterOf({ ...failure(new Error('x'), { headers }), attempts }, 'group');

  it('when the attempts were counted, is in the header that Spring counts them in, as 4 bytes', () => {
    expect(valuesOf(after(3), 'kafka_deliveryAttempt')).toEqual([Buffer.from([0, 0, 0, 3])]);
  });

  it('when the record failed before, is that of the latest failure', () => {
    expect(attemptsOf(after(1, after(3).headers))).toEqual([1]);
  });

  it('when attempts were not counted, is left out', () => {
    expect(attemptsOf(letter(new Error('x')))).toEqual([]);
  });
});

describe('the name of an error', () => {
  class Unnamed extends Error {}
  const unnamed: Error = new Unnamed('x');
  const pgError: Error = new Unnamed('x');
  pgError.name = 'error';
  it.each<[string, Error, string]>([
    ['names itself', new InvalidRecordError('x'), 'InvalidRecordError'],
    ['has a class of its own but no name', unnamed, 'Unnamed'],
    ["calls itself error, like pg's", pgError, 'Unnamed'],
  ])('when it %s, is %s', (_, error, name) => {
    expect(classOf(error)).toBe(name);
  });
});

describe('what a reader makes of a dead letter', () => {
  it('when this project wrote it, is what went in', () => {
    const sent = letter(new InvalidRecordError('outer', { cause: new TypeError('inner') }), {
      topic: 'order.created',
      partition: 2,
      offset: 2 ** 40,
      timestamp: 1_672_836_338_516,
    });
    const { exceptionStacktrace, ...details } = readDeadLetterHeaders(sent.headers);
    expect(exceptionStacktrace).toContain('InvalidRecordError: outer');
    expect(details).toEqual({
      originalTopic: 'order.created',
      originalPartition: 2,
      originalOffset: 2 ** 40,
      originalTimestamp: 1_672_836_338_516,
      originalTimestampType: 'CreateTime',
      consumerGroup: 'group',
      exceptionClass: 'InvalidRecordError',
      exceptionCauseClass: 'TypeError',
      exceptionMessage: 'outer; inner',
    });
  });

  const springHeaders = (prefix: string) => [
    { name: `${prefix}original-topic`, value: Buffer.from('orders') },
    { name: `${prefix}original-partition`, value: Buffer.from('AAAAAQ==', 'base64') },
    { name: `${prefix}original-offset`, value: Buffer.from('AAAAAAAAACg=', 'base64') },
    { name: `${prefix}original-timestamp`, value: Buffer.from('AAABhXzQ01Q=', 'base64') },
    { name: `${prefix}original-timestamp-type`, value: Buffer.from('Q3JlYXRlVGltZQ==', 'base64') },
    { name: 'kafka_dlt-original-consumer-group', value: Buffer.from('billing') },
    {
      name: `${prefix}exception-fqcn`,
      value: Buffer.from('org.springframework.kafka.listener.ListenerExecutionFailedException'),
    },
    { name: `${prefix}exception-cause-fqcn`, value: Buffer.from('java.lang.IllegalStateException') },
    { name: `${prefix}exception-message`, value: Buffer.from('Listener failed; no') },
    { name: `${prefix}exception-stacktrace`, value: Buffer.from('at …') },
  ];

  it.each(['kafka_dlt-', 'kafka_'])(
    'when Spring wrote it with names that begin with %s, is what Spring meant',
    (prefix) => {
      expect(readDeadLetterHeaders(springHeaders(prefix))).toEqual({
        originalTopic: 'orders',
        originalPartition: 1,
        originalOffset: 40,
        originalTimestamp: 1_672_836_338_516,
        originalTimestampType: 'CreateTime',
        consumerGroup: 'billing',
        exceptionClass: 'org.springframework.kafka.listener.ListenerExecutionFailedException',
        exceptionCauseClass: 'java.lang.IllegalStateException',
        exceptionMessage: 'Listener failed; no',
        exceptionStacktrace: 'at …',
      });
    },
  );

  it('when Spring could not read the key, is the exception of the key', () => {
    const headers = ['fqcn', 'message', 'stacktrace'].map((name) => ({
      name: `kafka_dlt-key-exception-${name}`,
      value: Buffer.from(name),
    }));
    expect(readDeadLetterHeaders(headers)).toEqual({
      exceptionClass: 'fqcn',
      exceptionMessage: 'message',
      exceptionStacktrace: 'stacktrace',
    });
  });

  it('when headers are missing or malformed, leaves them out', () => {
    expect(readDeadLetterHeaders([])).toEqual({});
    const malformed = [
      { name: 'kafka_dlt-original-partition', value: Buffer.from('12345') },
      { name: 'kafka_dlt-original-offset', value: Buffer.alloc(8, 0x7f) },
      { name: 'kafka_dlt-original-timestamp', value: Buffer.alloc(0) },
    ];
    expect(readDeadLetterHeaders(malformed)).toEqual({});
  });

  it('when a record was dead-lettered twice, is the latest failure', () => {
    const [first, second] = [1, 2].map(
      (offset) => letter(new Error(`failure ${offset}`), { offset }).headers,
    );
    expect(readDeadLetterHeaders([...(first ?? []), ...(second ?? [])])).toMatchObject({
      originalOffset: 2,
      exceptionMessage: 'failure 2',
    });
  });
});

describe('a dead letter of a record with odd metadata', () => {
  /** Every number that JSON may hold, and the edges of what the headers can. */
  const anyNumber = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(2 ** 63, -(2 ** 63), 2 ** 53, 2 ** 31, -1, NaN, Infinity),
  );
  const anyBytes = fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes)));
  const anyRecord = fc.record({
    topic: fc.string(),
    partition: anyNumber,
    offset: anyNumber,
    timestamp: anyNumber,
    timestampType: fc.string(),
    key: anyBytes,
    value: anyBytes,
    headers: fc.array(
      fc.record({ name: fc.string(), value: anyBytes.map((bytes) => bytes ?? Buffer.alloc(0)) }),
    ),
  });

  it('when its numbers and bytes are arbitrary, is created, with the headers that can be built', () => {
    fc.assert(
      fc.property(anyRecord, fc.anything(), (odd, error) => {
        const made = deadLetterOf({ record: odd, error }, 'group');
        expect(made).toMatchObject({ topic: `${odd.topic}.DLT`, key: odd.key, value: odd.value });
        expect(made.headers.every(({ value }) => Buffer.isBuffer(value))).toBe(true);
        const [offset] = valuesOf(made, 'kafka_dlt-original-offset');
        expect(offset === undefined || Number(offset.readBigInt64BE()) === odd.offset).toBe(true);
      }),
    );
  });

  it('when its timestamp does not fit into 64 bits, leaves that header out', () => {
    const made = letter(new Error('x'), { timestamp: 2 ** 63, offset: 7 });
    expect(valuesOf(made, 'kafka_dlt-original-timestamp')).toEqual([]);
    expect(valuesOf(made, 'kafka_dlt-original-offset')).toHaveLength(1);
  });

  it("when it is to be brief, has none of the failure's texts; when bare, nothing beyond its record", () => {
    const headers = [{ name: 'h', value: Buffer.from('1') }];
    const names = (detail: 'brief' | 'bare') =>
      deadLetterOf(failure(new Error('x'), { headers }), 'group', detail).headers.map(({ name }) => name);
    expect(names('brief')).toContain('kafka_dlt-exception-fqcn');
    expect(names('brief')).not.toContain('kafka_dlt-exception-stacktrace');
    expect(names('bare')).toEqual(['h']);
  });
});
