import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { registerCodecs } from './codecs.ts';

/** `text` as compressed by the Java client (kafka-clients 4.1.1). */
const fromJava = JSON.parse(
  readFileSync(new URL('./codecs.java-client.json', import.meta.url), 'utf8'),
) as Record<string, string>;
const text = '0123456789 again and again and again '.repeat(1200);
const types = kafkajs.CompressionTypes;

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const codecs: [string, () => Codec][] = [
  ['snappy', () => kafkajs.CompressionCodecs[types.Snappy]() as Codec],
  ['lz4', () => kafkajs.CompressionCodecs[types.LZ4]() as Codec],
  ['zstd', () => kafkajs.CompressionCodecs[types.ZSTD]() as Codec],
];

registerCodecs();

it.each(codecs)('when the Java client compressed with %s, it is decompressed', async (name, codec) => {
  const compressed = Buffer.from(fromJava[name] ?? '', 'base64');
  expect((await codec().decompress(compressed)).toString()).toBe(text);
});

it.each(codecs)('when a codec compresses with %s, it can decompress the result', async (_, codec) => {
  for (const value of ['', 'x', 'again '.repeat(50_000)]) {
    const compressed = await codec().compress({ buffer: Buffer.from(value) });
    expect((await codec().decompress(compressed)).toString()).toBe(value);
  }
});

it('when snappy is unframed, as librdkafka writes it, it is decompressed', async () => {
  const snappy = kafkajs.CompressionCodecs[types.Snappy]() as Codec;
  const framed = await snappy.compress({ buffer: Buffer.from('plain') });
  expect((await snappy.decompress(framed.subarray(20))).toString()).toBe('plain');
});
