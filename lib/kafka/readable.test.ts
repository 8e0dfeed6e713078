import { readable, readableHeader } from './readable.ts';

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

describe('a header', () => {
  it.each([
    ['kafka_dlt-original-partition', Buffer.from([0, 0, 0, 2]), '2'],
    ['kafka_dlt-original-offset', int64(8_831n), '8831'],
    ['kafka_original-timestamp', int64(1_795_341_600_000n), '1795341600000'],
    ['retry_topic-attempts', Buffer.from([0, 0, 0, 4]), '4'],
    ['kafka_deliveryAttempt', Buffer.from([0, 0, 0, 3]), '3'],
  ])('when Spring wrote %s as a binary number, shows the number', (name, value, text) => {
    expect(readableHeader({ name, value })).toEqual({ name, text });
  });

  it('when the name is one of Spring’s but the length is not, shows the text', () => {
    const header = { name: 'kafka_dlt-original-offset', value: Buffer.from('12') };
    expect(readableHeader(header)).toEqual({ name: header.name, text: '12' });
  });

  it('when four bytes stand under another name, they are text', () => {
    expect(readableHeader({ name: 'ce_id', value: Buffer.from('abcd') })).toEqual({
      name: 'ce_id',
      text: 'abcd',
    });
  });
});

describe('bytes', () => {
  it('when they are UTF-8, show as text', () => {
    expect(readable(Buffer.from('주문'))).toEqual({ text: '주문' });
  });

  it('when they are not, show as base64', () => {
    expect(readable(Buffer.from([0xff, 0xfe]))).toEqual({ base64: '//4=' });
  });
});
