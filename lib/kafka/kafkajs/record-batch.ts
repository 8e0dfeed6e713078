import crc32C from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { type Bytes, ByteWriter, sizeOfVarint, sizeOfVarintBytes } from './byte-writer.ts';

/** A record as passed to kafkajs; a repeated header has a list. */
export interface BatchRecord {
  readonly key?: Bytes;
  readonly value: Bytes;
  readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
}

/** The fields that all records of a batch share. `timestampMs` is in ms since 1970. */
export interface RecordBatch {
  readonly timestampMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly records: readonly BatchRecord[];
}

const magic = 2;
const lengthEnd = 12;
const checksumStart = 17;
const checksumEnd = 21;
const recordsStart = 61;

/** A record with its headers listed, and its size in bytes without the length that precedes it. */
interface MeasuredRecord {
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers: readonly BatchHeader[];
  readonly size: number;
}

interface BatchHeader {
  readonly name: string;
  readonly value: Bytes;
}

/**
 * The bytes of a record batch, neither compressed nor in a transaction: measured first, then written once.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeRecordBatch(batch: RecordBatch): Buffer {
  const records = batch.records.map(measure);
  const length = records.reduce((sum, { size }) => sum + sizeOfVarint(size) + size, recordsStart);
  const writer = new ByteWriter(length);
  writeStart(writer, batch, length);
  records.forEach((record, index) => {
    writeRecord(writer, record, index);
  });
  const { bytes } = writer;
  bytes.writeUInt32BE(crc32C(bytes.subarray(checksumEnd)), checksumStart);
  return bytes;
}

function writeStart(writer: ByteWriter, batch: RecordBatch, length: number): void {
  const { records, timestampMs, producerId, producerEpoch, firstSequence } = batch;
  writer.int64(0n); // base offset: assigned by the broker
  writer.int32(length - lengthEnd);
  writer.int32(0); // partition leader epoch: assigned by the broker
  writer.int8(magic);
  writer.int32(0); // checksum: written last
  writer.int16(0); // attributes: no compression, no transaction
  writer.int32(records.length - 1); // last offset delta
  writer.int64(BigInt(timestampMs)); // of the first record
  writer.int64(BigInt(timestampMs)); // the latest
  writer.int64(producerId);
  writer.int16(producerEpoch);
  writer.int32(firstSequence);
  writer.int32(records.length);
}

/** https://kafka.apache.org/documentation/#record */
function writeRecord(writer: ByteWriter, record: MeasuredRecord, offsetDelta: number): void {
  writer.varint(record.size);
  writer.int8(0); // attributes: none are defined
  writer.varint(0); // timestamp delta
  writer.varint(offsetDelta);
  writer.varintBytes(record.key);
  writer.varintBytes(record.value);
  writer.varint(record.headers.length);
  for (const { name, value } of record.headers) {
    writer.varintBytes(name);
    writer.varintBytes(value);
  }
}

function measure({ key = null, value, headers = {} }: BatchRecord, offsetDelta: number): MeasuredRecord {
  const list = listOf(headers);
  let size = 2; // attributes and timestamp delta
  size += sizeOfVarint(offsetDelta) + sizeOfVarintBytes(key) + sizeOfVarintBytes(value);
  size += sizeOfVarint(list.length);
  for (const header of list) size += sizeOfVarintBytes(header.name) + sizeOfVarintBytes(header.value);
  return { key, value, headers: list, size };
}

function listOf(headers: NonNullable<BatchRecord['headers']>): BatchHeader[] {
  const list: BatchHeader[] = [];
  for (const [name, values] of Object.entries(headers)) {
    if (!isList(values)) list.push({ name, value: values });
    else for (const value of values) list.push({ name, value });
  }
  return list;
}

function isList(value: Bytes | readonly Bytes[]): value is readonly Bytes[] {
  return Array.isArray(value);
}
