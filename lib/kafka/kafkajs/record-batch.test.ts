import fc from 'fast-check';
import Record from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import { type BatchRecord, encodeRecordBatch } from './record-batch.ts';

const timestampMs = Date.UTC(2026, 10, 25);
const producer = { timestampMs, producerId: 4711n, producerEpoch: 2, firstSequence: 30_000 };

/** The same batch as kafkajs writes it. */
async function writtenByKafkajs(records: readonly BatchRecord[]): Promise<Buffer> {
  const encoder = await RecordBatch({
    records: records.map((record, offsetDelta) => Record({ ...record, offsetDelta, timestampDelta: 0 })),
    firstTimestamp: timestampMs,
    maxTimestamp: timestampMs,
    lastOffsetDelta: records.length - 1,
    producerId: String(producer.producerId),
    producerEpoch: producer.producerEpoch,
    firstSequence: producer.firstSequence,
  });
  return encoder.buffer;
}

const text = fc.string({ unit: 'binary', maxLength: 200 });
const buffer = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const bytes = fc.oneof(text, buffer);
const record: fc.Arbitrary<BatchRecord> = fc.record(
  {
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(text, fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })), { maxKeys: 8 }),
  },
  { requiredKeys: ['value'] },
);

it("when records of any bytes are written, the batch is kafkajs' own, byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
      expect(encodeRecordBatch({ ...producer, records })).toEqual(await writtenByKafkajs(records));
    }),
  );
});

it('when there are many and large records, lengths and offsets of several bytes are right', async () => {
  const records = Array.from({ length: 9000 }, (_, index) => ({
    key: String(index),
    value: 'x'.repeat(index),
  }));
  expect(encodeRecordBatch({ ...producer, records }).equals(await writtenByKafkajs(records))).toBe(true);
});
