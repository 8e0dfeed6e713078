// npm run test:package: tests the Kafka triggers as installed by a user, with each framework and each Node.js
// that they support.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../../lib/local/stack/kafka.ts';
import { freePort } from '../../lib/local/stack/ports.ts';
import { readSettings } from '../../lib/local/stack/settings.ts';
import { installNode, installService, packTriggers, type Framework } from './install.ts';
import { exercise } from './exercise.ts';

const nodeVersions = ['22', '24'];
const frameworks: readonly Framework[] = [
  { name: 'osls 4, serverless-offline 14', serverless: 'npm:osls@4', offline: '14' },
  { name: 'Serverless Framework 3.40, serverless-offline 13', serverless: '3.40.0', offline: '13' },
];

const folder = mkdtempSync(join(tmpdir(), 'trigger-package-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const { downloadDirectory, javaHome } = readSettings();
const directory = join(folder, 'kafka');
const kafka = await startKafka({ directory, port: await freePort(), downloadDirectory, javaHome });
try {
  const tarball = await packTriggers(folder);
  const nodes = await Promise.all(nodeVersions.map((version) => installNode(folder, version)));
  for (const framework of frameworks) {
    const service = await installService(folder, framework, tarball);
    for (const node of nodes) {
      const seen = await exercise(service, node, kafka.brokers);
      console.log(`Node ${node.version}, ${framework.name}: ${seen.join(', ')}`);
    }
  }
} finally {
  await kafka.stop();
}
