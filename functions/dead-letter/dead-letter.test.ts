import { recordsOf } from '../../lib/kafka/records.ts';
import { record } from '../../test/support/record.ts';
import { kafkaSample } from '../../test/support/sample.ts';
import { toDeadLetter, toRedrivenRecord } from './dead-letter.ts';

const lettersIn = (name: string) => recordsOf(kafkaSample('archiveDeadLetter', name)).map(toDeadLetter);
const header = (name: string, value: string | Buffer) => ({ name, value: Buffer.from(value) });
const count = (text: string) => header('openorder-redrive-count', text);

describe('reading a record of a dead-letter topic', () => {
  it('when this project wrote it, knows where it came from, who failed and why', () => {
    const [letter] = lettersIn('dead-letter');
    expect(letter).toMatchObject({
      topic: 'order.created.DLT',
      partition: 0,
      offset: 1,
      originalTopic: 'order.created',
      originalPartition: 0,
      originalOffset: 1,
      originalTimestamp: new Date(1_795_341_600_001),
      failedAt: new Date(1_795_341_700_001),
      consumerGroup: 'openorder-local-reserveInventory-order.created',
      exceptionClass: 'FaultInjectedError',
      causeClass: null,
      keyText: '900000001',
      redriveCount: 0,
      status: 'NEW',
    });
  });

  it("when a batch holds what others wrote, reads Spring's retry headers and those without any", () => {
    expect(lettersIn('mixed-batch').slice(2)).toMatchObject([
      {
        originalTopic: 'order.created',
        originalOffset: 3,
        consumerGroup: 'billing',
        causeClass: 'java.lang.IllegalStateException',
      },
      {
        originalTopic: 'order.created',
        originalOffset: null,
        exceptionClass: null,
        keyText: null,
        status: 'NEW',
      },
    ]);
  });

  it('when a redriven record failed again, it is new, and its last failure counts', () => {
    expect(lettersIn('failed-again')).toMatchObject([{ redriveCount: 1, originalOffset: 9, status: 'NEW' }]);
  });

  it('when a record failed after three redrives, it is parked', () => {
    expect(lettersIn('over-the-cap')).toMatchObject([{ redriveCount: 3, status: 'PARKED' }]);
  });

  it.each([
    ['', 0],
    ['2', 2],
    ['02', 2],
    ['-1', 0],
    ['1e3', 0],
    ['99999999999', 0],
    ['two', 0],
  ])('when the redrive count is "%s", it counts as %d', (text, expected) => {
    expect(toDeadLetter(record('t.DLT', {}, { headers: [count(text)] })).redriveCount).toBe(expected);
  });

  it.each([
    ['order.created.DLT', 'order.created'],
    ['order.created-dlt', 'order.created'],
    ['plain', 'plain'],
  ])('when a record of %s has no headers, it came from %s', (topic, originalTopic) => {
    expect(toDeadLetter(record(topic, {})).originalTopic).toBe(originalTopic);
  });

  it('when headers hold anything, texts are ones that a database can search, and the bytes stay', () => {
    const headers = [
      header('kafka_dlt-exception-message', Buffer.from([0, 65, 255, 0])),
      header('kafka_dlt-original-topic', Buffer.from([0])),
      header('kafka_dlt-exception-fqcn', '\u{1F600}'.repeat(1_000)),
    ];
    const letter = toDeadLetter(record('t.DLT', {}, { headers, key: Buffer.alloc(100_000, 'k') }));
    expect(letter).toMatchObject({ message: 'A\uFFFD', originalTopic: 't', headers });
    expect(letter.exceptionClass?.isWellFormed()).toBe(true);
    expect(letter.keyText).toHaveLength(249);
    expect(letter.key).toHaveLength(100_000);
  });

  it.each([
    [-1, 0],
    [Number.MAX_SAFE_INTEGER, 253_402_300_799_999],
  ])('when the timestamp is %d, takes the nearest that a database can hold', (timestamp, expected) => {
    expect(toDeadLetter(record('t.DLT', {}, { timestamp })).failedAt).toEqual(new Date(expected));
  });
});

describe('the record that is sent again', () => {
  it('when it is made, has the original bytes, no partition, no headers of the failure, and the count', () => {
    const [letter] = lettersIn('dead-letter');
    const sent = letter && toRedrivenRecord(letter, 'order.created');
    expect(sent).toMatchObject({ topic: 'order.created', key: letter?.key, value: letter?.value });
    expect(sent).not.toHaveProperty('partition');
    expect(sent?.headers.map(({ name }) => name)).toEqual([
      'ce_id',
      'kafka_dlt-original-topic',
      'kafka_dlt-original-partition',
      'kafka_dlt-original-offset',
      'kafka_dlt-original-timestamp',
      'kafka_dlt-original-timestamp-type',
      'kafka_dlt-original-consumer-group',
      'openorder-redrive-count',
    ]);
    expect(sent?.headers.at(-1)?.value.toString()).toBe('1');
  });

  it('when it was redriven before, the count is replaced, not repeated', () => {
    const headers = [count('1'), header('other', 'x'), count('2')];
    const sent = toRedrivenRecord({ key: null, value: null, headers }, 't');
    expect(sent.headers).toEqual([header('other', 'x'), count('3')]);
    expect(sent).toMatchObject({ key: null, value: null });
  });
});
