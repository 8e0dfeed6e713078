import { jest } from '@jest/globals';
import { TriggerScene } from './testing/trigger-scene.ts';

jest.setTimeout(60_000);

const scene = new TriggerScene((topic) => ({
  counted: { topic: topic('counted'), handler: 'succeed' },
  upToDate: { topic: topic('up-to-date'), handler: 'succeed' },
}));

beforeAll(async () => {
  await scene.createTopics();
  const minuteAgo = String(Date.now() - 61_000);
  await scene.broker.send(scene.topic('counted'), [
    { value: 'done' },
    { value: 'oldest', timestamp: minuteAgo },
    { value: 'newest' },
  ]);
  await scene.broker.commit(scene.groupOf('counted'), scene.topic('counted'), [1]);
});

afterAll(async () => {
  await scene.service.remove();
});

it('when a trigger is behind, the table shows only that one, with the age of its oldest waiting record', async () => {
  const table = await scene.service.runBeside('kafka', 'lag');
  expect(table).toMatch(/^Trigger +Partition +Behind +Oldest age/m);
  expect(table).toMatch(/^counted ← counted\.\w+ +0 +2 +1 min \d+ s +1 +3 +stranger-dev-counted-/m);
  expect(table).not.toContain('upToDate');
});

it('when all partitions are requested, those that are up to date are shown too', async () => {
  expect(await scene.service.runBeside('kafka', 'lag', '--all')).toMatch(/^upToDate ← .* 0 +0 +– +none +0/m);
});

it('when JSON is requested, a script can parse it', async () => {
  const [counted] = JSON.parse(await scene.service.runBeside('kafka', 'lag', '--json')) as unknown[];
  expect(counted).toMatchObject({
    function: 'counted',
    lag: 2,
    partitions: [{ partition: 0, committed: 1 }],
  });
});
