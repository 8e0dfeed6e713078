import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { keepWorkerHeapsSmall } from './worker-heaps.ts';

const limitBytes = 2 * 16 * 1024 * 1024;

/** Creates more garbage than a young generation holds, and returns the size it has grown to, in bytes. */
const garbageMaker = `
  const { parentPort } = require('node:worker_threads');
  const { getHeapSpaceStatistics } = require('node:v8');
  const kept = [];
  for (let index = 0; index < 3_000_000; index += 1) kept[index % 50_000] = { index, list: [index] };
  parentPort.postMessage(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;

async function youngGenerationBytes(): Promise<number> {
  const [bytes] = (await once(new Worker(garbageMaker, { eval: true }), 'message')) as [number];
  return bytes;
}

it('when a worker starts afterwards, its young generation stays small, whatever garbage it creates', async () => {
  const before = await youngGenerationBytes();
  keepWorkerHeapsSmall();
  expect(await youngGenerationBytes()).toBeLessThanOrEqual(limitBytes);
  expect(before).toBeGreaterThan(limitBytes);
});
