import type { OutgoingRecord } from './records.ts';

/** kafkajs groups messages per partition in O(n²); sends of 500 measured fastest. */
const recordsPerSend = 500;

/**
 * kafkajs makes one record batch per partition of a send, and a broker refuses a batch over
 * `max.message.bytes`, 1,048,588 by default: this much may be sent at once even if it all goes to one
 * partition. A single record may still be larger.
 */
const bytesPerSend = 900_000;

/** The records in order, in pieces that a broker accepts in one request. */
export function* inSends<Record extends OutgoingRecord>(records: readonly Record[]): Generator<Record[]> {
  let send: Record[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (send.length === recordsPerSend || (send.length > 0 && bytes + size > bytesPerSend)) {
      yield send;
      send = [];
      bytes = 0;
    }
    send.push(record);
    bytes += size;
  }
  if (send.length > 0) yield send;
}

/**
 * An upper bound in bytes. Lengths, timestamps and attributes of a record take at most 32 bytes, the lengths
 * of a header 10.
 */
function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const ofHeaders = headers.reduce(
    (sum, { name, value }) => sum + 10 + Buffer.byteLength(name) + value.length,
    0,
  );
  return 32 + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? '') + ofHeaders;
}
