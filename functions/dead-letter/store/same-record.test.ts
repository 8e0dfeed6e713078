import { isSameRecord, type Traced } from './same-record.ts';

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** A dead letter of a record that failed at these offsets of partition 0, one after the other. */
const failedAt = (...offsets: number[]): Traced => ({
  originalTopic: 'order.created',
  headers: offsets.flatMap((offset) => [
    { name: 'kafka_dlt-original-partition', value: int32(0) },
    { name: 'kafka_dlt-original-offset', value: int64(offset) },
  ]),
});

describe('two dead letters', () => {
  it.each<[string, Traced, Traced, boolean]>([
    ['one was redriven and failed again', failedAt(7), failedAt(7, 9), true],
    ['the later one is asked about', failedAt(7, 9), failedAt(7), true],
    ['two groups failed on it', failedAt(7), failedAt(7), true],
    ['both come from an earlier failure', failedAt(7, 9), failedAt(7, 9, 12), true],
    ['they stood at different places', failedAt(7), failedAt(8), false],
    ['their topics differ', failedAt(7), { ...failedAt(7), originalTopic: 'order.cancelled' }, false],
    ['neither says where it stood', failedAt(), failedAt(), false],
  ])('when %s, are of the same record or not', (_, one, other, expected) => {
    expect(isSameRecord(one, other)).toBe(expected);
  });
});
