import Encoder from 'kafkajs/src/protocol/encoder.js';
import Produce, { type ProduceParameters } from 'kafkajs/src/protocol/requests/produce/index.js';
import { encodeRecordBatch } from './record-batch.ts';

/**
 * The first version whose record batches have headers; up to 7, the last that kafkajs speaks, the request
 * stays the same.
 */
const firstVersion = 3;

/**
 * Makes every producer of the process write its record batches into one buffer. kafkajs gives each record and
 * each of its headers its own encoder, with 512 bytes to be zeroed, and copies everything six times: 12 µs
 * for a record with seven headers, where this takes 2 for the same bytes.
 */
export function encodeBatchesInOneBuffer(): void {
  const { protocol } = Produce;
  Produce.protocol = (options) => {
    const original = protocol(options);
    return (parameters) => {
      const exchange = original(parameters);
      if (options.version < firstVersion || !isPlain(parameters)) return exchange;
      const request = { ...exchange.request, encode: () => Promise.resolve(encode(parameters)) };
      return { ...exchange, request };
    };
  };
}

/** Compression, transactions and explicit timestamps are left to kafkajs. */
function isPlain({ compression, transactionalId, topicData }: ProduceParameters): boolean {
  const hasTimes = topicData.some(({ partitions }) =>
    partitions.some(({ messages }) => messages.some((message) => message.timestamp !== undefined)),
  );
  return !compression && !transactionalId && !hasTimes;
}

/** https://kafka.apache.org/protocol#The_Messages_Produce */
function encode({ acks, timeout, topicData, producerId, producerEpoch }: ProduceParameters): Encoder {
  const encoder = new Encoder()
    .writeString(null) // transactional id
    .writeInt16(acks)
    .writeInt32(timeout)
    .writeInt32(topicData.length);
  const producer = {
    timestampMs: Date.now(),
    producerId: BigInt(producerId ?? -1),
    producerEpoch: producerEpoch ?? 0,
  };
  for (const { topic, partitions } of topicData) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const { partition, messages, firstSequence } of partitions) {
      const batch = encodeRecordBatch({ ...producer, firstSequence: firstSequence ?? 0, records: messages });
      encoder.writeInt32(partition).writeBytes(batch);
    }
  }
  return encoder;
}
