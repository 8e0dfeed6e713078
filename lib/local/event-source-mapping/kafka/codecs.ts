import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/** The codec interface of kafkajs, which ships gzip only. */
interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const lz4Codec: Codec = {
  compress: ({ buffer }) => Promise.resolve(compressLz4(buffer)),
  decompress: (buffer) => Promise.resolve(Buffer.from(lz4.decompress(buffer))),
};

const snappyCodec: Codec = {
  compress: ({ buffer }) => Promise.resolve(compressXerial(buffer)),
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

/**
 * Magic number; version 1 with independent blocks; blocks of at most 64 KiB; checksum of the two bytes
 * before.
 */
const lz4Header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const lz4BlockBytes = 65_536;
const lz4Stored = 0x8000_0000;

/** Brokers accept only independent blocks, which `lz4js` does not write itself. */
function compressLz4(buffer: Buffer): Buffer {
  const parts: Buffer[] = [lz4Header];
  for (let start = 0; start < buffer.length; start += lz4BlockBytes) {
    parts.push(compressLz4Block(buffer.subarray(start, start + lz4BlockBytes)));
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function compressLz4Block(block: Buffer): Buffer {
  const output = Buffer.alloc(4 + lz4.compressBound(block.length));
  const hashTable = new Uint32Array(lz4BlockBytes);
  const length = lz4.compressBlock(block, output.subarray(4), 0, block.length, hashTable);
  const isStored = length === 0 || length >= block.length;
  output.writeUInt32LE(isStored ? lz4Stored + block.length : length);
  return isStored ? Buffer.concat([output.subarray(0, 4), block]) : output.subarray(0, 4 + length);
}

/**
 * The Java client writes framed snappy blocks: https://github.com/xerial/snappy-java (SnappyOutputStream).
 */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialVersions = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
const xerialHeaderBytes = xerialMagic.length + xerialVersions.length;

function isXerial(buffer: Buffer): boolean {
  return buffer.subarray(0, xerialMagic.length).equals(xerialMagic);
}

function compressXerial(buffer: Buffer): Buffer {
  const block = snappy.compress(buffer);
  const length = Buffer.alloc(4);
  length.writeInt32BE(block.length);
  return Buffer.concat([xerialMagic, xerialVersions, length, block]);
}

function uncompressXerial(buffer: Buffer): Buffer {
  const blocks: Buffer[] = [];
  let position = xerialHeaderBytes;
  while (position < buffer.length) {
    const length = buffer.readInt32BE(position);
    position += 4;
    blocks.push(snappy.uncompress(buffer.subarray(position, position + length)));
    position += length;
  }
  return Buffer.concat(blocks);
}
