import { jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { recordsOf, textOf } from './testing/offline-service.ts';
import { noWait, TriggerScene, values } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic) => ({
  afterGaps: { topic: topic('gaps'), handler: 'succeed', event: { batchSize: 2 }, extension: noWait },
  compressed: { topic: topic('compressed'), handler: 'succeed', extension: noWait },
}));

scene.runForAllTests();

it('when transactions leave gaps, every committed record is delivered and the offsets move past the markers', async () => {
  await scene.broker.sendTransaction(scene.topic('gaps'), values('a', 'b', 'c'), 'commit');
  await scene.broker.sendTransaction(scene.topic('gaps'), values('never'), 'abort');
  await scene.send('gaps', 'd');
  await scene.broker.sendTransaction(scene.topic('gaps'), values('never'), 'abort');
  await scene.committed('afterGaps', 9);
  expect(scene.service.calls('afterGaps').flatMap(recordsOf).map(textOf)).toEqual(['a', 'b', 'c', 'd']);
});

it('when batches are compressed, they are read', async () => {
  const types = kafkajs.CompressionTypes;
  for (const type of [types.GZIP, types.Snappy, types.LZ4, types.ZSTD]) {
    await scene.broker.send(scene.topic('compressed'), [{ value: `${type} ${'again '.repeat(1000)}` }], type);
  }
  await scene.committed('compressed', 4);
  const texts = scene.service
    .calls('compressed')
    .flatMap(recordsOf)
    .map((record) => textOf(record)?.slice(0, 7));
  expect(texts).toEqual(['1 again', '2 again', '3 again', '4 again']);
});
