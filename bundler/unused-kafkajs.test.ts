import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Kafka, Partitioners } from 'kafkajs';
import { unusedKafkajs } from './unused-kafkajs.ts';

const folder = mkdtempSync(join(tmpdir(), 'openorder-bundle-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Bundled {
  readonly kafka: Kafka;
  readonly requests: Record<'Produce' | 'JoinGroup', { readonly versions: readonly string[] }>;
}

/** kafkajs in a bundle of its own. */
async function bundled() {
  const file = join(folder, 'kafkajs.cjs');
  const contents = `
    export const kafka = new (require('kafkajs').Kafka)({ brokers: ['127.0.0.1:1'], logLevel: 0 });
    export const requests = require('kafkajs/src/protocol/requests').requests;`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    outfile: file,
    plugins: [unusedKafkajs()],
  });
  return createRequire(import.meta.url)(file) as Bundled;
}

describe('kafkajs in a bundle', () => {
  it('when a function needs a producer or an admin, has them whole', async () => {
    const { kafka, requests } = await bundled();
    expect(kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })).toHaveProperty(
      'sendBatch',
    );
    expect(kafka.admin()).toHaveProperty('listTopics');
    expect(requests.Produce.versions).toContain('7');
  });

  it('when something needs what is left out, it fails and names the place to change', async () => {
    const { kafka, requests } = await bundled();
    expect(() => kafka.consumer({ groupId: 'a' })).toThrow('bundler/unused-kafkajs.ts');
    expect(() => requests.JoinGroup.versions).toThrow('bundler/unused-kafkajs.ts');
  });
});
