import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/** What kafkajs asks of a codec; it brings gzip only. */
interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const lz4Codec: Codec = {
  compress: ({ buffer }) => Promise.resolve(Buffer.from(lz4.compress(buffer))),
  decompress: (buffer) => Promise.resolve(Buffer.from(lz4.decompress(buffer))),
};

const snappyCodec: Codec = {
  compress: ({ buffer }) => Promise.resolve(snappy.compress(buffer)),
  decompress: (buffer) =>
    Promise.resolve(isXerial(buffer) ? uncompressXerial(buffer) : snappy.uncompress(buffer)),
};

const zstdCodec: Codec = {
  compress: ({ buffer }) => promisify(zlib.zstdCompress)(buffer),
  decompress: (buffer) => promisify(zlib.zstdDecompress)(buffer),
};

/** Lets every kafkajs client of the process read (and write) snappy, lz4 and zstd. */
export function registerCodecs(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = () => snappyCodec;
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => lz4Codec;
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstdCodec;
}

/** The Java client frames snappy by blocks: https://github.com/xerial/snappy-java (SnappyOutputStream). */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

function isXerial(buffer: Buffer): boolean {
  return buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC);
}

function uncompressXerial(buffer: Buffer): Buffer {
  const blocks: Buffer[] = [];
  let position = XERIAL_HEADER_BYTES;
  while (position < buffer.length) {
    const length = buffer.readInt32BE(position);
    position += 4;
    blocks.push(snappy.uncompress(buffer.subarray(position, position + length)));
    position += length;
  }
  return Buffer.concat(blocks);
}
