import { jest } from '@jest/globals';
import { noWait, TriggerScene, values } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic) => ({
  filtered: {
    topic: topic('filtered'),
    handler: 'succeed',
    event: {
      batchSize: 2,
      filterPatterns: [{ value: { kind: [{ prefix: 'A' }] } }, { value: { kind: ['B'] } }],
    },
    extension: noWait,
  },
}));

scene.runForAllTests();

it('when a record matches no filter, it is committed and not delivered; other formats are delivered', async () => {
  const kinds = ['A1', 'C', 'B', 'C', 'A2', 'C'].map((kind) => ({ value: JSON.stringify({ kind }) }));
  await scene.broker.send(scene.topic('filtered'), [...kinds, ...values('plain text'), ...kinds.slice(1, 2)]);
  await scene.committed('filtered', 8);
  expect(scene.service.offsets('filtered')).toEqual([
    [0, 2],
    [4, 6],
  ]);
});

it('when nothing matches, offsets advance without a call', async () => {
  const before = scene.service.calls('filtered').length;
  await scene.broker.send(scene.topic('filtered'), [{ value: '{"kind":"C"}' }, { value: '{"kind":"D"}' }]);
  await scene.committed('filtered', 10);
  expect(scene.service.calls('filtered')).toHaveLength(before);
});
